import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { permissionsOf } from '../../shared/staff/rules.ts';
import { openFront } from '../support/front.ts';
import { openMall } from '../support/mall.ts';
import { overhear } from '../support/overheard.ts';
import { allItems } from '../support/table.ts';
import { type Operation, operations } from './bad-input/operations.ts';
import { type Answer, type Ask, asking } from './crawler/asking.ts';
import { DECIDED } from './crawler/bodies.ts';
import { absent, idsOf, isOwned, type Values } from './crawler/ids.ts';
import { type Others, others, type Side, START, twoSides } from './crawler/sides.ts';
import { fill, ownIds } from './crawler/things.ts';

openMall({ at: START });
const front = openFront();

const ground = {} as { mine: Side; theirs: Side; strangers: Others; ask: Ask };
beforeAll(async () => {
  vi.stubEnv('WEBHOOK_TRUSTED_HOST', '127.0.0.1');
  const [mine, theirs] = await twoSides(front.url);
  for (const side of [mine, theirs]) await fill(side);
  const strangers = await others(front.url, mine);
  const ask = asking(front.url, overhear());
  // A partner is looked up at the first request of a minute, and here the clock stands.
  const list = operations.find(({ name }) => name === 'webhooks.list') as Operation;
  for (const { tokens } of [mine, theirs]) expect((await ask(list, {}, tokens.partner)).told).toBe('200');
  Object.assign(ground, { mine, theirs, strangers, ask });
  for (const operation of operations) prepared.set(operation, await prepare(operation));
}, 120_000);

/** Of each route the ids that either side has, made before anything is asked; or why there are none. */
const prepared = new Map<Operation, Prepared | Error>();

interface Prepared {
  ids: Values;
  foreign: Values;
}

function idsAt(operation: Operation): Prepared {
  const made = prepared.get(operation);
  if (!made || made instanceof Error) throw made ?? new Error(`${operation.name} was not prepared.`);
  return made;
}

const snapshot = async () => new Map((await allItems()).map((item) => [`${item.pk} ${item.sk}`, JSON.stringify(item)]));

/** The token with which this side comes in on this route. */
const tokenOf = ({ row: { auth } }: Operation, { tokens }: Side) => (auth === 'none' ? undefined : tokens[auth]);

/** All ids that the route takes, of this side's own: a place in a list last, which hangs on the others. */
async function idsFor(operation: Operation, side: Side): Promise<Values> {
  const names = idsOf(operation).map(({ name }) => name);
  const { auth } = operation.row;
  const ids = await ownIds(
    operation.name,
    auth,
    names.filter((name) => name !== 'cursor'),
    side,
  );
  if (!names.includes('cursor')) return ids;
  const { text, told } = await ground.ask(operation, ids, tokenOf(operation, side));
  const { nextCursor } = JSON.parse(text) as { nextCursor: string | null };
  expect([told, nextCursor], `${operation.name} has no second page`).toEqual(['200', expect.any(String)]);
  return { ...ids, cursor: String(nextCursor) };
}

/** What keeps a route from being asked is said by its own test, not here for all. */
async function prepare(operation: Operation): Promise<Prepared | Error> {
  try {
    return { ids: await idsFor(operation, ground.mine), foreign: await idsFor(operation, ground.theirs) };
  } catch (error) {
    return error as Error;
  }
}

type Door = [who: string, token: string | undefined, told: string];

/** Who is not let in here, by which token, and what they are told. */
function doors({ row }: Operation): Door[] {
  if (row.auth === 'none') return [];
  const { mine, theirs, strangers } = ground;
  const kinds = (['member', 'partner', 'staff'] as const).filter((kind) => kind !== row.auth);
  const strange: [string, string | undefined][] = kinds.map((kind) => [kind, theirs.tokens[kind]]);
  if (row.auth === 'partner') strange.push([`without ${row.scope}`, strangers.without.get(row.scope)]);
  if (row.auth === 'staff') {
    strange.push(...[...strangers.roles].filter(([role]) => !permissionsOf([role]).includes(row.permission)));
  }
  return [
    ['nobody', undefined, '401'],
    ['yesterday', mine.expired[row.auth], '401 auth.token_expired'],
    ...strange.map(([who, token]): Door => [who, token ?? 'nobody made one', '403 auth.forbidden']),
  ];
}

function leaks({ text, headers }: Answer, words: readonly string[]): string[] {
  const all = `${text} ${JSON.stringify(headers)}`;
  return words.filter((word) => all.includes(word));
}

/** The ids, with one in the place of this one that was never given. */
const without = (ids: Values, name: string): Values => ({ ...ids, [name]: absent(name, ids[name] ?? '') });

/** What says of an id that there is nothing: a list of nothing is one, too, and that nothing is left to take away. */
const NOTHING =
  /^(20[04]|400 request\.cursor_invalid|401 (auth\.code_invalid|invalid_client)|404 [a-z]+\.\w*not_found)$/;
/** A write that was not refused. */
const WROTE = /^(?!GetItem|Query|BatchGetItem)\w+Command [\d.]+$/;
const writesOf = ({ calls }: Answer) => calls.filter((call) => WROTE.test(call));

describe('every route with its ids, as the contracts have them', () => {
  it('is known by them: in the path, in the query, and however deep in the body', () => {
    const found = (name: string) => idsOf(operations.find((one) => one.name === name) as Operation);
    const ids = (name: string) => found(name).map((one) => `${one.at} ${one.name}`);
    expect(ids('orders.place')).toEqual(['body productId', 'body addressId']);
    expect(ids('points.give')).toEqual(['body memberId']);
    expect(ids('webhooks.deliveriesOf')).toEqual(['path clientId', 'path webhookId', 'query cursor']);
    expect(ids('earning.reportReturn')).toEqual(['body purchase']);
    expect(ids('profiles.change')).toEqual([]);
  });
});

/** Whoever has a code that was not used up may give it, and is told the same. */
const BY_CODE = ['orders.mergeMine'];

describe('every route', { shuffle: false }, () => {
  let before: Awaited<ReturnType<typeof snapshot>>;
  beforeAll(async () => {
    before = await snapshot();
  });

  it.each(operations)('$name refuses whoever may not, and what is another’s as what never was', async (operation) => {
    const { mine, theirs, ask } = ground;
    const { ids, foreign } = idsAt(operation);
    const names = idsOf(operation).map(({ name }) => name);
    const token = tokenOf(operation, mine);
    const words = [...mine.words, ...theirs.words];

    for (const [who, stranger, told] of doors(operation)) {
      const answer = await ask(operation, ids, stranger);
      expect([answer.told, answer.calls, leaks(answer, words)], who).toEqual([told, [], []]);
      for (const name of names) {
        const other = await ask(operation, without(ids, name), stranger);
        expect(other, `${who} can tell an absent ${name} from a real one`).toEqual(answer);
      }
    }

    for (const name of names) {
      const none = await ask(operation, without(ids, name), token);
      expect(none.told, name).toMatch(NOTHING);
      expect([leaks(none, words), writesOf(none)], name).toEqual([[], []]);
      if (!isOwned(operation, name)) continue;
      const another = await ask(operation, { ...ids, [name]: foreign[name] ?? '' }, token);
      expect(another, `another's ${name} can be told from one that never was`).toEqual(none);
      expect(leaks(another, [...words, ...Object.values(foreign)]), name).toEqual([]);
    }
  });

  it('and nothing was written by all of it, but the counts of requests', async () => {
    expect(await snapshot()).toEqual(before);
  });

  // After these nothing leaves the account of their member, so they are asked at the end.
  const last = ['identities.unbind', 'identities.changePhone'];
  const answering = operations
    .filter((one) => idsOf(one).length > 0 || one.row.method === 'GET')
    .toSorted((a, b) => last.indexOf(a.name) - last.indexOf(b.name));
  it.each(answering)('$name answers its owner, of nobody else, and then nobody else', async (operation) => {
    const { mine, theirs, ask } = ground;
    const { ids, foreign } = idsAt(operation);
    const token = tokenOf(operation, mine);
    const owned = idsOf(operation).find(({ name }) => isOwned(operation, name));
    const none = owned && (await ask(operation, without(ids, owned.name), token));

    const key = randomUUID();
    const own = await ask(operation, ids, token, key);
    expect(own.told).toBe(DECIDED[operation.name] ?? String(operation.row.status));
    expect(leaks(own, [...theirs.words, ...Object.values(foreign)])).toEqual([]);

    const mayNot = ['member', 'partner'].includes(operation.row.auth) && !BY_CODE.includes(operation.name);
    if (!none || !mayNot) return;
    const again = await ask(operation, ids, tokenOf(operation, theirs), key);
    expect({ ...again, calls: [] }, 'the very same request, under its key').toEqual({ ...none, calls: [] });
    expect(writesOf(again)).toEqual([]);
  });
});
