import fc from 'fast-check';
import { expect } from 'vitest';
import { errors, general } from '../../../shared/errors.ts';
import { type Mutant, mutantsOf, type Wrong } from './mutants.ts';
import type { Operation } from './operations.ts';
import { type Got, send } from './sending.ts';
import { type Valid, validRequests } from './valid.ts';
import { wireOf } from './wire.ts';
import type { World } from './world.ts';

/** SEC-11: no request asks the table more often. */
const MOST_CALLS = 12;

/** A route that needs more, and why. */
const MORE_CALLS: Record<string, number> = {
  // Each row of an upload is a transaction of its own: reads and a write for each.
  'uploads.openingBalances': 20,
  'uploads.grants': 20,
  // Both accounts in every currency, the orders and holds, whether spending is held, and what was merged alone today: all
  // of it twice before it is refused.
  'orders.merge': 34,
  'orders.proposeMerge': 34,
  // All that every domain holds on a member, three times a day at most.
  'privacy.export': 30,
  // What is open in every domain, looked for twice before it is refused, and then all that is personal, up to
  // the push tokens of sessions; a cold container reads its keys besides.
  'privacy.erase': 43,
  // As much is looked for before it may be proposed.
  'privacy.eraseMember': 30,
};

/** A refusal that is itself remembered: the tries of a login code, and those for a user name. */
const COUNTS_TRIES = [
  'auth.logIn',
  'identities.phone',
  'identities.changePhone',
  'orders.mergeMine',
  'staff-sessions.logIn',
  'staff-sessions.changePassword',
  'staff-sessions.renewRecoveryCodes',
];

export interface Tally {
  invalid: number;
  valid: number;
  accepted: number;
  codes: Map<string, number>;
  mostCalls: number;
}

const codeOf = ({ body, status }: Got) =>
  ((body?.['code'] ?? body?.['error'] ?? body?.['message']) as string | undefined) ?? `${status}`;

function names({ body }: Got, wrong: Wrong): boolean {
  if (wrong.in === 'codes') return codeOf({ body } as Got) === wrong.at;
  const faults = (body?.['errors'] ?? []) as { in: string; path: string }[];
  const [short, at] = [wrong.at.slice(0, 200), wrong.at];
  return faults.some(({ in: where, path }) => {
    if (where !== wrong.in) return false;
    return path === short || path.startsWith(at === '' ? '' : `${at}.`) || (path !== '' && at.startsWith(`${path}.`));
  });
}

function checkAlways(operation: Operation, got: Got, says: string): void {
  expect(got.status, `${says}: ${got.text.slice(0, 300)}`).toBeLessThan(500);
  expect(operation.faultsIn(got.status, got.media, got.body), `${says}: ${got.text.slice(0, 300)}`).toEqual([]);
  expect(got.calls, says).toBeLessThanOrEqual(MORE_CALLS[operation.name] ?? MOST_CALLS);
  expect(got.text, says).not.toMatch(/node_modules|\.ts:\d|mall-[\da-f]{8}-|DynamoDB|secret-of-/);
  if (got.status >= 400) expect(got.text, says).not.toContain('eyJhbGciOi');
  if (got.status >= 400 && !COUNTS_TRIES.includes(operation.name)) expect(got.writes, `${says} wrote`).toBe(0);
}

/** Sends a request that must be refused: named by its field, with nothing written. */
async function tryInvalid(operation: Operation, url: string, { says, wire, wrong }: Mutant): Promise<Got> {
  const got = await send(url, wire);
  const told = `${operation.name}, ${says} → ${got.status} ${got.text.slice(0, 400)}`;
  expect(got.status, told).toBeGreaterThanOrEqual(400);
  if (wrong.at === 'request.unknown_path') expect(got.status, told).toBeLessThan(500);
  else checkAlways(operation, got, told);
  expect(got.writes, told).toBe(0);
  expect(got.media, told).toBe('application/problem+json');
  expect(names(got, wrong), `${told} does not name ${wrong.in} ${wrong.at}`).toBe(true);
  return got;
}

/** Sends a request that the document takes: done, or refused by a decision that its row declares. */
async function tryValid(operation: Operation, url: string, valid: Valid, world: World): Promise<Got> {
  const { row } = operation;
  const wire = wireOf(operation, valid, row.auth === 'none' ? undefined : world.tokens[row.auth]);
  let got = await send(url, wire);
  // A table that is short of breath on a busy machine is no finding.
  for (let again = 0; got.status === 503 && again < 3; again += 1) got = await send(url, wire);
  const told = `${operation.name} ${JSON.stringify(valid).slice(0, 500)} → ${got.status}`;
  checkAlways(operation, got, told);
  const code = codeOf(got);
  const faults = (got.body?.['errors'] ?? []) as { path: string }[];
  // The one thing that only the programme knows: which currencies there are.
  if (code === 'request.invalid' && faults.every(({ path }) => path === 'currency')) return got;
  if (got.media === 'application/problem+json') {
    expect(row.refusals, told).toContain(code);
    expect(general, told).not.toContain(code);
    expect(got.status, told).toBe(errors[code as keyof typeof errors].status);
  } else if (!row.form) expect(got.status, told).toBe(row.status);
  return got;
}

/** Mixed by a seed, so that a part of them is of every kind. */
function mixed<T>(all: readonly T[], seed: number): T[] {
  return fc.sample(fc.shuffledSubarray([...all], { minLength: all.length }), { seed, numRuns: 1 })[0] ?? [];
}

function invalidOnes(operation: Operation, world: World, times: number, seed: number): Mutant[] {
  const found = new Map<string, Mutant>();
  // What is absent may be said before what is wrong.
  const isThere = ({ params }: Valid) => Object.values(params).every((id) => !id.endsWith('0'.repeat(26)));
  const samples = fc.sample(validRequests(operation, world).filter(isThere), {
    seed,
    numRuns: Math.max(3, times / 20),
  });
  for (const valid of samples)
    for (const one of mutantsOf(operation, valid, world)) found.set(one.says, found.get(one.says) ?? one);
  const all = mixed([...found.values()], seed);
  // A route of few fields has few ways to be wrong: the same ways, in other requests.
  return Array.from({ length: times }, (_, i) => all[i % all.length] as Mutant);
}

/** So many requests of both kinds to one operation. */
export async function tryOperation(
  operation: Operation,
  { url, world, invalid, valid, seed }: { url: string; world: World; invalid: number; valid: number; seed: number },
): Promise<Tally> {
  const tally: Tally = { invalid, valid, accepted: 0, codes: new Map(), mostCalls: 0 };
  const count = (got: Got) => {
    tally.mostCalls = Math.max(tally.mostCalls, got.calls);
    if (got.status < 400) tally.accepted += 1;
    else tally.codes.set(codeOf(got), (tally.codes.get(codeOf(got)) ?? 0) + 1);
  };
  for (const one of invalidOnes(operation, world, invalid, seed)) count(await tryInvalid(operation, url, one));
  const good = fc.sample(validRequests(operation, world), { seed, numRuns: valid });
  for (const one of good) count(await tryValid(operation, url, one, world));
  return tally;
}
