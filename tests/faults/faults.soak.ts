import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Blow, type CellResult, nameOf, row } from './cells.ts';
import { openFaultyMall } from './faulty-mall.ts';
import { operations } from './operations.ts';

const NEWER = 40;
/** Where every call falls into a black hole, the caller waits no longer. */
const LONGEST_MS = 2_000;
const BLOWS: Omit<Blow, 'from'>[] = [
  { fault: 'lost before', on: false },
  { fault: 'lost before', on: true },
  { fault: 'lost after', on: false },
  { fault: 'lost after', on: true },
  { fault: 'late', on: false, newer: NEWER },
  { fault: 'late', on: true, newer: NEWER },
  { fault: 'duplicate', on: false },
  { fault: 'throttled', on: false },
  { fault: 'throttled', on: true },
  { fault: 'failed', on: false },
  { fault: 'failed', on: true },
  { fault: 'conflict', on: false },
  { fault: 'conflict', on: true },
  { fault: 'black hole', on: false },
  { fault: 'black hole', on: true },
];

const mall = openFaultyMall();
const matrix: CellResult[] = [];
const file = join(tmpdir(), 'fault-matrix.json');

afterAll(() => {
  const table = Map.groupBy(matrix, ({ fault }) => fault);
  const rows = operations.map(({ name }) => [
    name,
    Object.fromEntries(
      [...table].map(([fault, cells]) => {
        const own = cells.filter(({ operation }) => operation === name);
        const broken = own.filter(({ violation }) => violation !== undefined).length;
        return [fault, broken > 0 ? `${own.length}, ${broken} BROKEN` : own.length];
      }),
    ),
  ]);
  console.table(Object.fromEntries(rows));
  const black = matrix.filter(({ fault }) => fault.startsWith('black hole')).map(({ ms }) => ms);
  console.table({
    runs: matrix.length,
    cells: new Set(matrix.map(({ operation, fault }) => `${operation}|${fault}`)).size,
    violated: matrix.filter(({ violation }) => violation !== undefined).length,
    'longest wait in a black hole, ms': Math.max(...black),
    'listed in': file,
  });
});

describe.each(BLOWS)('$fault (from then on: $on)', (blow) => {
  it.each(operations)(`$name, at every call of it in turn (${nameOf(blow)})`, async (operation) => {
    const results = await row(mall.proxy, operation, blow);
    matrix.push(...results);
    // Row by row, so that a run that is stopped has been worth its time.
    writeFileSync(file, JSON.stringify(matrix, null, 1));
    expect(results.filter(({ violation }) => violation !== undefined)).toEqual([]);
    if (blow.fault === 'black hole' && blow.on) {
      expect(Math.max(0, ...results.map(({ ms }) => ms))).toBeLessThanOrEqual(LONGEST_MS);
    }
  });
});
