import { isIPv4, isIPv6 } from 'node:net';

/** An address in its parts: four numbers, or eight groups, or undefined. What IPv6 only maps counts as what it maps. */
function partsOf(address: string): { v4: string[] } | { v6: string[] } | undefined {
  const plain = address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
  if (isIPv4(plain)) return { v4: plain.split('.') };
  if (!isIPv6(plain)) return undefined;
  const [before, after] = plain.split('::').map((half) => half.split(':').filter(Boolean));
  const known = [...(before ?? []), ...(after ?? [])];
  const zeros = Array<string>(Math.max(0, 8 - known.length)).fill('0');
  return { v6: after ? [...(before ?? []), ...zeros, ...after] : known };
}

/** The network that an address lies in: enough to tell an office from elsewhere, and no one's own address. */
export function networkOf(address: string): string | undefined {
  const parts = partsOf(address);
  if (!parts) return undefined;
  return 'v4' in parts ? `${parts.v4.slice(0, 3).join('.')}.0/24` : `${parts.v6.slice(0, 3).join(':')}::/48`;
}

/** As coarse as a region: the first half of IPv4, the first two groups of IPv6; null for anything else. */
export function regionOf(address: string): string | null {
  const parts = partsOf(address);
  if (!parts) return null;
  return 'v4' in parts ? `${parts.v4.slice(0, 2).join('.')}.*.*` : `${parts.v6.slice(0, 2).join(':')}:*`;
}
