import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { openFront } from '../../support/front.ts';
import { openMall } from '../../support/mall.ts';
import { memberWith } from '../../support/people.ts';
import { allItems } from '../../support/table.ts';
import { type Keyed, keyedRequests } from './keys.ts';
import { operations } from './operations.ts';
import { type Got, send } from './sending.ts';
import { wireOf } from './wire.ts';
import { openWorld, type World } from './world.ts';

openMall();
const front = openFront();

let world: World;
let all: Keyed[];
beforeAll(async () => {
  world = await openWorld();
  all = await keyedRequests(await memberWith(1_000));
});

/** Sends the request, or another body, under this key, as the caller or as somebody else. */
async function ask(
  { name, params = {}, query = {}, body }: Keyed,
  key: string,
  { as = world.tokens, other }: { as?: World['tokens']; other?: unknown } = {},
): Promise<Got> {
  const operation = operations.find((one) => one.name === name);
  if (!operation || operation.row.auth === 'none') throw new Error(`${name} has no caller.`);
  return send(front.url, wireOf(operation, { params, query, body: other ?? body, key }, as[operation.row.auth]));
}

const told = ({ status, body }: Got) => `${status} ${(body?.['code'] as string | undefined) ?? ''}`.trim();
const idOf = ({ body }: Got, { id }: Keyed) => body?.[id];
const snapshot = async () =>
  JSON.stringify((await allItems()).toSorted((a, b) => (a.pk + a.sk < b.pk + b.sk ? -1 : 1)));

describe('a key', () => {
  it.each([0, 1, 2, 3, 4, 5, 6])('of request %i: the same again is a replay, another body is told', async (i) => {
    const one = all[i] as Keyed;
    const key = randomUUID();
    const first = await ask(one, key);
    expect(told(first)).toBe('201');
    const before = await snapshot();
    const again = await ask(one, key);
    expect([told(again), again.replayed, idOf(again, one)]).toEqual(['201', true, idOf(first, one)]);
    expect(await snapshot()).toBe(before);
    const other = await ask(one, key, { other: one.other });
    if (one.reused === 'counts by itself') {
      expect([told(other), idOf(other, one) === idOf(first, one)]).toEqual(['201', false]);
      return;
    }
    expect(told(other)).toBe(one.reused);
    expect(await snapshot()).toBe(before);
  });

  it.each([0, 1, 2, 3, 4])('of request %i is nobody else’s: another caller gets an answer of their own', async (i) => {
    const one = all[i] as Keyed;
    const key = randomUUID();
    const mine = await ask(one, key);
    const theirs = await ask(one, key, { as: world.others });
    expect([told(mine), told(theirs), theirs.replayed]).toEqual(['201', '201', false]);
    expect(idOf(theirs, one)).not.toBe(idOf(mine, one));
  });

  it('is another one on another route', async () => {
    const key = randomUUID();
    for (const one of all.slice(0, 6)) {
      const got = await ask(
        one,
        key,
        one.id === 'purchaseId' ? { other: { ...(one.body as object), number: `K-${key}` } } : {},
      );
      expect([one.name, told(got), got.replayed]).toEqual([one.name, '201', false]);
    }
  });

  it.each([0, 1, 2, 3, 4, 6])('of request %i, sent by 20 at once, is done once', async (i) => {
    const one = all[i] as Keyed;
    const body = () => (one.id === 'purchaseId' ? { ...(one.body as object), number: `K-${randomUUID()}` } : one.body);
    const items = async () => (await allItems()).length;
    // Whoever is met here first becomes a member by it, which is not to be counted.
    await ask(one, randomUUID(), { other: body() });
    const before = await items();
    await ask(one, randomUUID(), { other: body() });
    const grown = (await items()) - before;
    const [key, other] = [randomUUID(), body()];
    const got = await Promise.all(Array.from({ length: 20 }, () => ask(one, key, { other })));
    // As many items as one alone makes: it was done once, whoever of them is told so.
    expect((await items()) - before - grown).toBe(grown);
    const done = got.filter(({ status }) => status === 201);
    for (const each of got) expect(told(each)).toMatch(/^201$|^503 (points|request)\.busy$/);
    expect(new Set(done.map((each) => idOf(each, one))).size).toBe(1);
    const last = await ask(one, key, { other });
    expect([told(last), last.replayed, idOf(last, one)]).toEqual(['201', true, idOf(done[0] as Got, one)]);
  });
});
