import type { Item } from './item.ts';
import type { Version } from './programme.ts';
import { sealOf } from './seal.ts';
import { ofType, type World } from './world.ts';

/** Of each type, what it refers to: the key of what must be there. */
const REFERS: Record<string, (all: Record<string, string>) => string[]> = {
  member: ({ mergedInto }) => (mergedInto === undefined ? [] : [`MEMBER#${mergedInto}/MEMBER`]),
  'merged-member': ({ memberId, heirId }) => [`MEMBER#${memberId}/MEMBER`, `MEMBER#${heirId}/MEMBER`],
  session: ({ memberId }) => [`MEMBER#${memberId}/MEMBER`],
  'identity-change': ({ memberId }) => [`MEMBER#${memberId}/MEMBER`],
  erasure: ({ memberId }) => [`MEMBER#${memberId}/MEMBER`],
  identity: ({ memberId }) => (memberId === undefined ? [] : [`MEMBER#${memberId}/MEMBER`]),
  identities: ({ memberId }) => [`MEMBER#${memberId}/MEMBER`],
  'staff-name': ({ staffId }) => [`STAFF#${staffId}/STAFF`],
  'staff-session': ({ staffId }) => [`STAFF#${staffId}/STAFF`],
  'first-owner': ({ staffId }) => [`STAFF#${staffId}/STAFF`],
  audit: ({ approval }) => (approval === undefined ? [] : [`APPROVAL#${approval}/APPROVAL`]),
  stock: ({ productId }) => [`PRODUCT#${productId}/PRODUCT`],
  product: ({ productId }) => [`STOCK#${productId}/STOCK#00`],
  purchase: ({ memberId }) => [`MEMBER#${memberId}/MEMBER`],
  return: ({ memberId, purchase }) => [`MEMBER#${memberId}/MEMBER`, `PURCHASE#${purchase}/PURCHASE`],
  adjustment: ({ memberId }) => [`MEMBER#${memberId}/MEMBER`],
  hold: ({ memberId }) => [`MEMBER#${memberId}/MEMBER`],
  grant: ({ memberId }) => [`MEMBER#${memberId}/MEMBER`],
  notice: ({ memberId }) => [`MEMBER#${memberId}/MEMBER`],
  lapse: ({ memberId }) => [`MEMBER#${memberId}/MEMBER`],
  order: ({ memberId, productId }) => [`MEMBER#${memberId}/MEMBER`, `PRODUCT#${productId}/PRODUCT`],
};

function refersTo(type: string, { all }: Item): string[] {
  const { product } = all as { product?: { productId?: string } };
  return (
    REFERS[type]?.({
      ...(all as Record<string, string>),
      ...(type === 'order' && { productId: product?.productId ?? '' }),
    }) ?? []
  );
}

function checkRules(world: World, versions: readonly Version[]): void {
  const known = new Set(versions.map(({ version }) => `BASE@${version}`));
  for (const { key, all } of ofType(world, 'purchase')) {
    if (!known.has(all.rule as string))
      world.report('INV-28', key, `earned by ${String(all.rule)}, and there is no such version of the programme`);
  }
  versions.forEach(({ version }, i) => {
    if (version !== i) world.report('INV-28', 'PROGRAMME', `version ${i} of the programme is not there`);
  });
}

/** Nothing refers to what is not there (INV-28). */
export function checkLinks(world: World, versions: readonly Version[]): void {
  for (const type of Object.keys(REFERS)) {
    for (const item of ofType(world, type)) {
      const gone = refersTo(type, item).filter((key) => !world.items.has(key));
      for (const key of gone) world.report('INV-28', item.key, `refers to ${key}, which is not there`);
    }
  }
  for (const { pk, memberId, currency } of world.chains.values()) {
    if (!world.items.has(`MEMBER#${memberId}/MEMBER`)) world.report('INV-28', pk, `there is no member ${memberId}`);
    const isKnown = versions.some(({ currencies }) => currencies.includes(currency));
    if (!isKnown) world.report('INV-28', pk, `the programme never had a currency ${currency}`);
  }
  checkRules(world, versions);
}

/** What each client of the staff did: numbered without a gap, sealed, and never back in time (INV-25). */
export function checkRecords(world: World): void {
  const chains = Map.groupBy(ofType(world, 'audit'), ({ pk }) => pk);
  for (const [pk, records] of chains) {
    let before: Item | undefined;
    for (const item of records.toSorted((one, other) => (one.sk < other.sk ? -1 : 1))) {
      const due = Number(before?.sk ?? 0) + 1;
      if (Number(item.sk) !== due) world.report('INV-25', item.key, `comes where record ${due} of ${pk} should be`);
      const { hash, ...sealed } = item.all;
      if (!sealOf(before?.all.hash as Uint8Array | undefined, sealed).equals(hash as Uint8Array)) {
        world.report('INV-25', item.key, 'is not what was sealed after the record before it');
      }
      if (before && (item.all.at as number) < (before.all.at as number))
        world.report('INV-25', item.key, 'was before the record before it');
      before = item;
    }
  }
}

/** What took two was done once, by two, and is on the record of the second (INV-25). */
export function checkApprovals(world: World): void {
  const done = Map.groupBy(ofType(world, 'audit'), ({ all }) => all.approval as string | undefined);
  for (const { key, all } of ofType(world, 'approval')) {
    const { approvalId, status, by, decidedBy, act } = all as Record<string, string>;
    const records = done.get(approvalId) ?? [];
    if (status !== 'OPEN' && (decidedBy === undefined || decidedBy === by))
      world.report('INV-25', key, 'was decided by whoever proposed it, or by nobody');
    if (records.length !== (status === 'APPROVED' ? 1 : 0))
      world.report('INV-25', key, `is ${status}, and ${records.length} records say that it was done`);
    const wrong = records.find((record) => record.all.clientId !== decidedBy || record.all.act !== act);
    if (wrong) world.report('INV-25', wrong.key, `is not what ${approvalId} says`);
  }
}
