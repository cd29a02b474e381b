import { describe, expect, it, vi } from 'vitest';
import type { Fault } from '../support/fault-proxy.ts';
import { cell, LONGEST_MS } from './cells.ts';
import { openFaultyMall } from './faulty-mall.ts';
import { type Operation, operations } from './operations.ts';

// What fails here is meant to, and is logged as it should be.
vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');
const mall = openFaultyMall();
const named = (...names: string[]) => operations.filter(({ name }) => names.includes(name));
const moving = operations.filter(({ name }) => !name.startsWith('read') && name !== 'write down lapses');

/** A few cells of the matrix that the soak goes through: faults of the first write of every movement. */
const cells: [Fault, Operation[]][] = [
  ['lost after', moving],
  ['late', named('redeem', 'clawback')],
  ['duplicate', named('purchase', 'cancel', 'capture')],
  ['conflict', named('purchase of a new member', 'spend', 'merge')],
];

describe.each(cells)('a write that meets: %s', (fault, struck) => {
  it.each(struck)('$name: exact, and told truly and the same', async (operation) => {
    // Reads come before it: the first write is the first call that a late fault or a conflict can strike.
    const from = fault === 'late' || fault === 'conflict' ? 1 : 2;
    expect(await cell(mall.proxy, operation, { fault, on: false, from, newer: 4 })).not.toHaveProperty('violation');
  });
});

describe('a black hole', () => {
  it.each(named('redeem'))(`503 $name ends within ${LONGEST_MS} ms and may be sent again`, async (operation) => {
    const result = await cell(mall.proxy, operation, { fault: 'black hole', on: true, from: 1 });
    expect(result).toMatchObject({ status: 503 });
    expect(result).not.toHaveProperty('violation');
  });
});
