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
});

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

/** What says of an id that there is nothing: a list of nothing is one, too. */
const NOTHING = /^(200|400 request\.cursor_invalid|401 (auth\.code_invalid|invalid_client)|404 [a-z]+\.\w*not_found)$/;
const READS = /^(GetItem|Query|BatchGetItem)Command [\d.]+$/;

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

  it.each(operations)('$name', async (operation) => {
    const { mine, theirs, ask } = ground;
    const [ids, foreign] = [await idsFor(operation, mine), await idsFor(operation, theirs)];
    const names = idsOf(operation).map(({ name }) => name);
    const token = tokenOf(operation, mine);
    const words = [...mine.words, ...theirs.words];
    const before = await snapshot();

    for (const [who, stranger, told] of doors(operation)) {
      const answer = await ask(operation, ids, stranger);
      expect([answer.told, answer.calls, leaks(answer, words)], who).toEqual([told, [], []]);
      for (const name of names) {
        const other = await ask(operation, without(ids, name), stranger);
        expect(other, `${who} can tell an absent ${name} from a real one`).toEqual(answer);
      }
    }

    const nothing: Record<string, Answer> = {};
    for (const name of names) {
      const none = await ask(operation, without(ids, name), token);
      expect(none.told, name).toMatch(NOTHING);
      expect(leaks(none, words), name).toEqual([]);
      if (!isOwned(operation, name)) continue;
      nothing[name] = none;
      expect(none.calls.filter((call) => !READS.test(call))).toEqual([]);
      const another = await ask(operation, { ...ids, [name]: foreign[name] ?? '' }, token);
      expect(another, `another's ${name} can be told from one that never was`).toEqual(none);
      expect(leaks(another, [...words, ...Object.values(foreign)]), name).toEqual([]);
    }
    expect(await snapshot()).toEqual(before);
    if (names.length === 0 && operation.row.method !== 'GET') return;

    const key = randomUUID();
    const own = await ask(operation, ids, token, key);
    expect(own.told).toBe(DECIDED[operation.name] ?? String(operation.row.status));
    expect(leaks(own, [...theirs.words, ...Object.values(foreign)])).toEqual([]);

    const [owned] = Object.values(nothing);
    if (!owned || !['member', 'partner'].includes(operation.row.auth)) return;
    const after = await snapshot();
    const { calls: _, ...again } = await ask(operation, ids, tokenOf(operation, theirs), key);
    expect(again, 'the very request, under its key, is another’s').toEqual({
      told: owned.told,
      headers: owned.headers,
      text: owned.text,
    });
    expect(await snapshot()).toEqual(after);
  });
});
