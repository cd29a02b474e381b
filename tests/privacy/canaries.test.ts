import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { handler as announcer } from '../../functions/announcer/on-table-change.ts';
import { handler as onLotOpened } from '../../functions/points/on-points-lot-opened.ts';
import { avatarKey } from '../../shared/members/profiles/rules.ts';
import { lookup } from '../../shared/platform/ids.ts';
import { logger } from '../../shared/platform/logger.ts';
import { readObject } from '../../shared/providers/objects.ts';
import type { Item } from '../../shared/table/client.ts';
import { verdict } from '../audit/random-world.ts';
import { bus, openMall } from '../support/mall.ts';
import { gift } from '../support/people.ts';
import { allItems, recordOf } from '../support/table.ts';
import { erase, type Person, person } from './people.ts';

openMall();

const PEOPLE = 20;
const lines: string[] = [];
const people: Person[] = [];
const spies: { mockRestore(): void }[] = [];
let before: Item[];
let after: Item[];

/** Every form in which a word may stand somewhere. */
const formsOf = (word: string) => [
  word,
  encodeURIComponent(word),
  JSON.stringify(word).slice(1, -1),
  Buffer.from(word).toString('base64'),
  Buffer.from(word).toString('hex'),
];
const found = (text: string) =>
  people.flatMap(({ words }) => words.flatMap(formsOf)).filter((one) => text.includes(one));
const ledger = (items: readonly Item[]) => items.filter(({ pk }) => pk.startsWith('LEDGER#'));
const textOf = (items: readonly Item[]) => items.map((item) => JSON.stringify(item)).join('\n');

/** What the stream brings: the bus is told, and the calendar of what lapses is kept. */
async function announced(): Promise<void> {
  await announcer({ Records: (await allItems()).map((item, i) => recordOf(String(i), item)) });
  for (const { DetailType, Detail } of bus.events) {
    const event = { 'detail-type': DetailType, detail: JSON.parse(Detail) as object };
    if (DetailType === 'points.lot_opened') await onLotOpened(event as never);
  }
}

beforeAll(async () => {
  logger.setLogLevel('DEBUG');
  for (const way of ['log', 'info', 'warn', 'error', 'debug'] as const)
    spies.push(
      vi.spyOn(console, way).mockImplementation((...said: unknown[]) => void lines.push(said.map(String).join(' '))),
    );
  vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'canaries');
  const productId = await gift({ pricePoints: 1, stock: 1_000 });
  for (let i = 0; i < PEOPLE; i += 1) people.push(await person(productId, i));
  await announced();
  before = await allItems();
  for (const { memberId } of people) expect((await erase(memberId)).status).toBe(200);
  await announced();
  after = await allItems();
}, 120_000);
afterAll(() => {
  for (const spy of spies) spy.mockRestore();
});

describe('of twenty people who did all that leaves something personal', () => {
  it('nothing stands in clear in any item, before and after', () => {
    expect(before.filter(({ type }) => type === 'member')).toHaveLength(PEOPLE);
    expect(found(textOf(before))).toEqual([]);
    expect(found(textOf(after))).toEqual([]);
  });

  it('nor in any line that was logged, nor in any event', () => {
    expect(lines.join('\n')).toContain('written');
    expect(found(lines.join('\n'))).toEqual([]);
    expect(bus.events.filter(({ DetailType }) => DetailType === 'member.erased')).toHaveLength(PEOPLE);
    expect(found(JSON.stringify(bus.events))).toEqual([]);
  });

  it('no digest of a phone finds anything once they are erased, and each did before', async () => {
    for (const { phone } of people) {
      const digest = await lookup('PHONE', `+86${phone}`);
      const keysWith = (items: readonly Item[]) => items.filter(({ pk }) => pk.endsWith(`#${digest}`));
      expect(
        keysWith(before)
          .map(({ type }) => type)
          .toSorted(),
      ).toEqual(['identity', 'login-code']);
      expect(keysWith(after)).toEqual([]);
      expect(textOf(after).includes(digest)).toBe(false);
    }
  });

  it('no sealed text of theirs is left, and each had many', () => {
    const sealedOf = (items: readonly Item[], memberId: string) =>
      items.filter((item) => JSON.stringify(item).includes(memberId) && JSON.stringify(item).includes('"s2.'));
    for (const { memberId } of people) {
      expect(
        sealedOf(before, memberId)
          .map(({ type }) => type)
          .toSorted(),
      ).toEqual(['addresses', 'hold', 'member', 'order', 'profile', 'session']);
      expect(sealedOf(after, memberId)).toEqual([]);
    }
  });

  it('no picture is left', async () => {
    for (const { memberId } of people) expect(await readObject(avatarKey(memberId))).toBeUndefined();
  });

  it('the ledger is what it was, entry by entry, and the audit is clean', async () => {
    expect(ledger(before).length).toBeGreaterThan(PEOPLE * 4);
    expect(ledger(after)).toEqual(ledger(before));
    expect((await verdict()).violations).toEqual([]);
  });
});
