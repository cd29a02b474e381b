import { ofType, type World } from './world.ts';

/** So long after it began an erasure must have come to its end. */
const GRACE_MS = 600_000;

/** What is a person's by its kind alone, and the field that is, of what stays. */
const PERSONAL = ['profile', 'preferences', 'addresses', 'session', 'notice', 'exports', 'identity-change'];
const FIELDS: Record<string, string> = { order: 'shipTo', hold: 'note' };

interface Erasure {
  memberId: string;
  status: string;
  at: number;
  doneAt?: number;
}

/** What is wrong with how an erasure went. */
function stateFaults(world: World, { memberId, status, at, doneAt }: Erasure): string[] {
  const faults: string[] = [];
  const member = world.items.get(`MEMBER#${memberId}/MEMBER`);
  if (member && member.all['erasedAt'] !== at) faults.push('is not what its member says');
  if ((status === 'DONE') !== (doneAt !== undefined)) faults.push(`is ${status} and has ${doneAt ? 'an' : 'no'} end`);
  if (status === 'OPEN' && at + GRACE_MS < world.at) faults.push('began long ago and has not come to its end');
  return faults;
}

/** An erased member has nothing personal anywhere (INV-26). */
export function checkErasures(world: World): void {
  const begun = new Set<unknown>();
  const done = new Set<unknown>();
  for (const { key, all } of ofType(world, 'erasure')) {
    const erasure = all as unknown as Erasure;
    begun.add(erasure.memberId);
    if (erasure.status === 'DONE') done.add(erasure.memberId);
    for (const fault of stateFaults(world, erasure)) world.report('INV-26', key, fault);
  }
  for (const { key, all } of ofType(world, 'member')) {
    if (all['erasedAt'] !== undefined && !begun.has(all['memberId']))
      world.report('INV-26', key, 'was erased, and nothing says by what');
    if (begun.has(all['memberId']) && all['phone'] !== undefined)
      world.report('INV-26', key, 'was erased and still has a phone');
  }
  for (const { key, all } of ofType(world, 'identity')) {
    if (begun.has(all['memberId'])) world.report('INV-26', key, 'finds a member who was erased');
  }
  for (const type of PERSONAL) {
    for (const { key, all } of ofType(world, type))
      if (done.has(all['memberId'])) world.report('INV-26', key, 'is of a member who was erased');
  }
  for (const [type, field] of Object.entries(FIELDS)) {
    for (const { key, all } of ofType(world, type))
      if (done.has(all['memberId']) && all[field] !== undefined)
        world.report('INV-26', key, `is of a member who was erased, and has a ${field}`);
  }
}
