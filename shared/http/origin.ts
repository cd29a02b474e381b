import { AsyncLocalStorage } from 'node:async_hooks';
import { isIPv4, isIPv6 } from 'node:net';
import type { ApiEvent } from './event.ts';

/** Which request this is, and roughly where it came from. */
export interface Origin {
  requestId: string;
  from?: string;
}

/** The network that an address lies in: enough to tell an office from elsewhere, and no one's own address. */
export function networkOf(address: string): string | undefined {
  if (isIPv4(address)) return `${address.split('.').slice(0, 3).join('.')}.0/24`;
  if (!isIPv6(address)) return undefined;
  const [head = '', tail] = address.split('::');
  const [before, after] = [head, tail ?? ''].map((part) => part.split(':').filter(Boolean)) as [string[], string[]];
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array<string>(Math.max(0, zeros)).fill('0'), ...after];
  return `${groups.slice(0, 3).join(':').toLowerCase()}::/48`;
}

export function originOf({ requestContext: { requestId, http } }: ApiEvent): Origin {
  const from = networkOf(http.sourceIp ?? '');
  return { requestId, ...(from !== undefined && { from }) };
}

/**
 * What a record of staff says of where from, which no decision hangs on: handed on beside the arguments, so that a
 * domain between the route and the record need not know of it.
 */
export const origins = new AsyncLocalStorage<Origin>();
