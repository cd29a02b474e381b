import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, inject, it, vi } from 'vitest';
import { audit } from '../../audit/audit.ts';
import { scan } from '../../audit/scan.ts';
import { seal } from '../../shared/platform/chain-seal.ts';
import { noteLot } from '../../shared/points/points.ts';
import { digestOf } from '../../shared/points/seal.ts';
import type { Item } from '../../shared/table/client.ts';
import { clock, createTable, openMall, ZONE } from '../support/mall.ts';
import { memberWith } from '../support/people.ts';
import { allItems, force } from '../support/table.ts';
import { randomWorld, verdict } from './random-world.ts';

openMall();

const SEEDS = Array.from({ length: 20 }, (_, i) => i + 101);
const ITEMS = 50_000;

/** The long chain of a busy member: a purchase and its entry each, made as the product makes the first ones. */
function* busy(one: readonly Item[], memberId: string, count: number): Generator<Item> {
  const purchase = one.find(({ type }) => type === 'purchase') as Item & Record<string, unknown>;
  const entry = one.find(({ type }) => type === 'entry') as Item & Record<string, unknown>;
  let hash: Uint8Array | undefined;
  for (let seq = 1; seq <= count; seq += 1) {
    const number = `${memberId}-${seq}`;
    const total = seq * 50;
    const { h: _, n: __, ...first } = entry;
    const n = new Uint8Array(Buffer.concat(recent(memberId, seq)));
    const x = { l: { '20261231': total }, t: { EA: total } };
    const pk = `LEDGER#POINTS#${memberId}`;
    const rest = { ...first, pk, sk: String(seq).padStart(10, '0'), r: `purchase:${number}`, x, n };
    hash = seal(hash, rest);
    yield { ...rest, h: hash };
    yield { ...purchase, pk: `PURCHASE#${number}`, number, memberId, seq };
  }
}

function recent(memberId: string, seq: number): Uint8Array[] {
  const before = Array.from({ length: Math.min(32, seq - 1) }, (_, i) => `purchase:${memberId}-${seq - 1 - i}`);
  return before.map((reference) => digestOf(reference));
}

describe('a mall in which nothing is broken', () => {
  it.each(SEEDS)(
    'gives no alarm: world %i',
    async (seed) => {
      await randomWorld(seed, { steps: 250, people: 8 });
      expect((await verdict()).violations).toEqual([]);
    },
    300_000,
  );

  it(`is audited within 30 seconds with ${ITEMS} items`, async () => {
    const name = `mall-${randomUUID()}`;
    await createTable(name);
    vi.stubEnv('TABLE_NAME', name);
    // For a second this process still goes by the programme of the table before.
    await sleep(1_000);
    clock('2026-11-23T04:00:00.000Z');
    const memberId = await memberWith(50);
    await noteLot({ memberId, currency: 'POINTS' }, '2026-12-31');
    const one = await allItems();
    for (let left = ITEMS, member = 0; left > 0; member += 1) {
      const other = `mem_COPY${member}`;
      const own = one
        .filter(({ type }) => type === 'member')
        .map((item) => ({ ...item, pk: `MEMBER#${other}`, memberId: other }));
      const made = [...own, ...busy(one, other, 250)];
      for (let at = 0; at < made.length; at += 20)
        await Promise.all(made.slice(at, at + 20).map((item) => force(item)));
      await noteLot({ memberId: other, currency: 'POINTS' }, '2026-12-31');
      left -= made.length + 1;
    }
    const since = performance.now();
    const items = await scan({ name, connection: { endpoint: inject('dynamodb') } }, () => {});
    const read = performance.now();
    const { checked, violations } = audit(items, { at: Date.now(), zone: ZONE });
    const done = performance.now();
    console.log(
      `${checked} items: read ${((read - since) / 1_000).toFixed(1)} s, judged ${((done - read) / 1_000).toFixed(1)} s`,
    );
    expect(violations).toEqual([]);
    expect(checked).toBeGreaterThanOrEqual(ITEMS);
    expect(done - since).toBeLessThan(30_000);
  }, 600_000);
});
