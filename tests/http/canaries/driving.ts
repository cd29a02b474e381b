import fc from 'fast-check';
import { canary, kindsIn, wordsIn } from '../../support/canaries.ts';
import { memberWith } from '../../support/people.ts';
import { mutantsOf } from '../bad-input/mutants.ts';
import type { Operation } from '../bad-input/operations.ts';
import { type Got, send, type Wire } from '../bad-input/sending.ts';
import { type Valid, validRequests } from '../bad-input/valid.ts';
import { wireOf } from '../bad-input/wire.ts';
import type { World } from '../bad-input/world.ts';
import { fieldsIn } from './fields.ts';
import { type Body, CALLED, GIVEN, secrets } from './given.ts';

type Params = Valid['params'];
const enrolled = async ({ values }: World): Promise<Params> => ({ staffId: String(values['staffId']?.[0]) });

/** Of whom a request must be: people who are there, where others are invited only; a member who has nothing open. */
const ABOUT: Record<string, (world: World) => Promise<Params>> = {
  'staff.changeRoles': enrolled,
  'staff.proposeRoles': enrolled,
  'privacy.eraseMember': async () => ({ memberId: await memberWith(1) }),
  'orders.proposeMerge': async () => ({ memberId: await memberWith(1) }),
};

/** The values of what is personal on this route, each a canary; of all else what the mall has. */
function valuesFor(operation: Operation, world: World): World['values'] {
  const { body, url } = fieldsIn(operation);
  const values = { ...world.values };
  for (const [name, kind] of [...body, ...url]) values[name] = [canary[kind](), canary[kind]()];
  return values;
}

/** A good request, and by whose token. */
interface Good extends Valid {
  token: string | undefined;
}

/** Good requests of which each personal field stands in one at least. */
async function goodOnes(operation: Operation, world: World, seed: number): Promise<Good[]> {
  const values = valuesFor(operation, world);
  const wanted = new Set(fieldsIn(operation).body.keys());
  const { auth } = operation.row;
  const own = auth === 'none' ? undefined : world.tokens[auth];
  const kept: Good[] = [];
  for (const one of fc.sample(validRequests(operation, { ...world, values }), { seed, numRuns: 40 })) {
    const text = JSON.stringify([one.body, one.query]);
    const brings = [...wanted].filter((name) => text.includes(`"${name}":`));
    if (kept.length > 1 && brings.length === 0) continue;
    for (const name of brings) wanted.delete(name);
    const called = await CALLED[operation.name]?.(one.body as Body);
    const body = called?.body ?? (await GIVEN[operation.name]?.(one.body as Body, world)) ?? one.body;
    const params = (await ABOUT[operation.name]?.(world)) ?? one.params;
    const { dryRun: _, ...query } = one.query;
    kept.push({ ...one, params, query, body, token: called?.token ?? own });
    if (wanted.size === 0 && kept.length > 1) break;
  }
  return kept;
}

/** What was asked and what came back. */
export interface Told extends Got {
  operation: Operation;
  sent: Wire;
}

/** Everything that stands in a request, and whether a canary does. */
export const wordsOf = ({ path, body }: Wire) => `${path} ${body?.toString() ?? ''}`;
const hasCanary = (wire: Wire) => kindsIn(wordsOf(wire)).length + wordsIn(wordsOf(wire), secrets).length > 0;

/** So many of the ways in which a request may be wrong beside what is personal in it. */
const WRONG = 6;

/**
 * Sends a route what it takes of a person: good, the same again, another under the same key, without a token; and wrong
 * beside it, in the path, the query, the headers, another field.
 */
export async function drive(operation: Operation, url: string, world: World, seed: number): Promise<Told[]> {
  const good = await goodOnes(operation, world, seed);
  const last = good.findLast((one) => hasCanary(wireOf(operation, one, one.token)));
  const first = good[0];
  if (!first || !last) throw new Error(`${operation.name}: there is no good request with a canary.`);
  const wires = good.map((one) => wireOf(operation, one, one.token));
  const { token } = last;
  wires.push(wireOf(operation, last, token), wireOf(operation, { ...first, key: last.key }, token));
  if (token) wires.push(wireOf(operation, last, undefined));
  const wrong = mutantsOf(operation, last, world).filter(({ wire }) => hasCanary(wire));
  const most = Math.min(WRONG, wrong.length);
  const some = fc.shuffledSubarray(wrong, { minLength: most, maxLength: most });
  wires.push(...(fc.sample(some, { seed, numRuns: 1 })[0] ?? []).map(({ wire }) => wire));
  const all: Told[] = [];
  for (const sent of wires) all.push({ ...(await send(url, sent)), operation, sent });
  return all;
}

/** Asks a route that only reads, with ids that there are, under these tokens. */
export async function look(operation: Operation, url: string, world: World, tokens: World['tokens']): Promise<Told[]> {
  const token = operation.row.auth === 'none' ? undefined : tokens[operation.row.auth];
  const all: Told[] = [];
  for (const one of fc.sample(validRequests(operation, world), { seed: 1, numRuns: 2 })) {
    const sent = wireOf(operation, one, token);
    all.push({ ...(await send(url, sent)), operation, sent });
  }
  return all;
}

/** The ids that answers gave: what somebody may ask for afterwards. */
export function learned(all: readonly Told[]): World['values'] {
  const given = all.filter(({ status }) => status < 300).flatMap(({ body }) => Object.entries(body ?? {}));
  const ids = given.filter(([name, id]) => name.endsWith('Id') && typeof id === 'string');
  return Object.fromEntries(
    [...Map.groupBy(ids, ([name]) => name)].map(([name, found]) => [name, found.map(([, id]) => id)]),
  );
}

const IS_SECRET = /(token|secret|invitation|recoveryCodes)$/i;

/** The secrets that an answer gives, however deep. */
function secretsIn(value: unknown, name = ''): string[] {
  if (typeof value === 'string') return IS_SECRET.test(name) && value.length > 15 ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([below, part]) => secretsIn(part, Array.isArray(value) ? name : below));
}

/** Every secret that answers gave, and the tokens of who calls. */
export const givenBy = (all: readonly Told[], { tokens }: World): string[] => [
  ...new Set([
    ...all.filter(({ status }) => status < 300).flatMap(({ body }) => secretsIn(body)),
    ...Object.values(tokens),
  ]),
];
