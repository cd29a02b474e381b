import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFront } from '../support/front.ts';
import { type Importer, imports, newImporter, pointsOf, startCommand } from '../support/importing.ts';
import { clock, openMall } from '../support/mall.ts';
import { happenings, MOMENTS, realFiles, workedOut } from '../support/real-purchases.ts';
import { allItems } from '../support/table.ts';

openMall();
const front = openFront();
const home = mkdtempSync(join(tmpdir(), 'points-mall-import-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** 60 customers with few lines each: those who returned something first, those who bought in both years next. */
function sampleOf(all: ReturnType<typeof happenings>): string[] {
  const few = [...all].filter(([, lines]) => lines.length <= 3);
  const returned = few.filter(([, lines]) => lines.some(({ isReturn }) => isReturn));
  const bothYears = few.filter(([, lines]) => new Set(lines.map(({ at }) => at.slice(0, 4))).size > 1);
  return [...new Set([...returned.slice(0, 25), ...bothYears].map(([customer]) => customer))].slice(0, 60);
}

function cut(file: string, name: string, customers: ReadonlySet<string>): string {
  const [header, ...lines] = readFileSync(file, 'utf8').split('\n');
  const kept = lines.filter((line) => customers.has(line.split(',')[2] ?? ''));
  const path = join(home, name);
  writeFileSync(path, [header, ...kept, ''].join('\n'));
  return path;
}

let files: { purchases: string; returns: string };
let sample: ReturnType<typeof happenings>;
let importer: Importer;
let lines = 0;

beforeAll(async () => {
  const real = realFiles();
  const customers = new Set(sampleOf(happenings(real)));
  files = { purchases: cut(real.purchases, 'p.csv', customers), returns: cut(real.returns, 'r.csv', customers) };
  sample = happenings(files);
  lines = [...sample.values()].reduce((sum, all) => sum + all.length, 0);
  importer = await newImporter();
});

const ledger = async () =>
  (await allItems()).toSorted((one, other) => (`${one.pk}|${one.sk}` < `${other.pk}|${other.sk}` ? -1 : 1));

describe('real purchases and returns of 60 customers', { shuffle: false }, () => {
  it('are cut off by a kill in the middle', async () => {
    expect([sample.size, lines > 120]).toEqual([60, true]);
    const { child, ended } = startCommand([files.purchases, files.returns, '--api', front.url], importer);
    while (front.requests < lines / 3 && child.exitCode === null) await sleep(5);
    child.kill('SIGKILL');
    expect((await ended).code).toBeNull();
    const taken = (await allItems()).filter(({ type }) => type === 'purchase' || type === 'return').length;
    expect(taken).toBeGreaterThan(10);
    expect(taken).toBeLessThan(lines);
  });

  it('go on where they stopped, and nothing is in twice', async () => {
    const tally = await imports(files, front.url, importer);
    expect(tally).toMatchObject({ later: 0, refused: [] });
    expect(tally.accepted + tally.known).toBe(lines);
    expect(tally.known).toBeGreaterThan(10);
    expect(tally.accepted).toBeGreaterThan(10);
  });

  it('come to what the files themselves say, for every customer before and after both years’ ends', async () => {
    for (const [local, at] of MOMENTS) {
      const customers = [...sample.keys()];
      // What had lapsed unspent is counted and not taken: of that the account's lifetime says nothing.
      const told = await Promise.all(
        customers.map(async (customer) => {
          const { available, debt, issued } = await pointsOf(customer, at);
          return { customer, available, debt, issued };
        }),
      );
      const worked = [...sample].map(([customer, all]) => {
        const { available, debt, issued } = workedOut(all, local, 0);
        return { customer, available, debt, issued };
      });
      expect(told).toEqual(worked);
    }
  });

  it('change nothing when they come again', async () => {
    clock('2026-12-24T04:00:00.000Z');
    const before = await ledger();
    expect(await imports(files, front.url, importer)).toEqual({ accepted: 0, known: lines, later: 0, refused: [] });
    expect(await ledger()).toEqual(before);
  });
});
