import { expect, it } from 'vitest';
import { broken, type Report, tables } from '../../bin/bench/report.ts';

const spend = {
  name: 'spend',
  writeUnits: 1,
  readUnits: 0.5,
  calls: 2,
  equivalents: 1.1,
  naive: 8.6,
  floor: 1,
  budget: 1.2,
};
const bundle = { name: 'points/api', bytes: 1_700, bareSdkBytes: 1_000, atMost: 1.7 };
const history = { name: 'history: spend', ours: 1.1, reference: 1.1, ratio: 1, atMost: 1 };
const rate = { name: 'import', ours: 30, reference: 100, ratio: 0.3, atLeast: 0.3 };
const good: Report = { operations: [spend], bundles: [bundle], ratios: [history, rate], entries: [] };

it('a report that keeps to its budgets has no fault', () => {
  expect(broken(good)).toEqual([]);
});

it('a broken budget is named with what it is and what it may be', () => {
  const report: Report = {
    operations: [
      { ...spend, equivalents: 2.1 },
      { ...spend, name: 'no budget', equivalents: 99, budget: null },
    ],
    bundles: [
      { ...bundle, bytes: 1_710 },
      { name: 'no budget', bytes: 9_000, bareSdkBytes: 1 },
    ],
    ratios: [
      { ...history, ratio: 1.001 },
      { ...rate, ratio: 0.29 },
    ],
    entries: [],
  };
  expect(broken(report)).toEqual([
    'spend costs 2.1; its budget is 1.2',
    'the bundle of points/api is 1.71 × the bare SDK; its budget is 1.7',
    'history: spend is 1.001; it may be no more than 1',
    'import is 0.290; it may be no less than 0.3',
  ]);
});

it('the table has its columns under their heads', () => {
  const [, table = ''] = tables(good).split('\n\n');
  const [head = '', row = ''] = table.split('\n');
  expect(head.trimEnd()).toHaveLength(row.trimEnd().length);
  expect(head.indexOf('budget') + 'budget'.length).toBe(row.indexOf(' 1.2') + ' 1.2'.length);
});
