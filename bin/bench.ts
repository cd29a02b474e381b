import { parseArgs } from 'node:util';
import { bundleSizes } from './bench/bundle-sizes.ts';
import { entrySizes } from './bench/entry-sizes.ts';
import { growth } from './bench/history.ts';
import { importRate } from './bench/import-rate.ts';
import { patiently } from './bench/measure.ts';
import { allOperations } from './bench/operations.ts';
import { broken, measure, type Report, tables } from './bench/report.ts';
import { openStage, type Stage } from './bench/stage.ts';

const USAGE = `npm run bench [-- --json]
  Counts what each operation asks of the table, beside a naive design and the floor; sizes of bundles and entries.
  Ends with 0 when every budget holds, 1 when one does not, 2 when it could not go on.`;
const NOW = '2026-11-23T04:00:00.000Z';
const HISTORY = [10, 100_000] as const;
const PURCHASES = 2_048;
const IMPORT_AT_LEAST = 0.3;

const say = (line: string): void => void process.stderr.write(`· ${line}\n`);

async function run(stage: Stage): Promise<Report> {
  stage.clock(NOW);
  const measured = [];
  for (const operation of allOperations(stage.clock, NOW)) {
    say(operation.name);
    measured.push(await measure(operation));
  }
  say(`${PURCHASES} purchases, and the same sent raw`);
  const rate = await patiently(() => importRate(PURCHASES));
  say(`a history of ${HISTORY[1]} entries`);
  const grown = await patiently(() =>
    growth(HISTORY, (written) => written % 25_000 === 0 && say(`  ${written} written`)),
  );
  say('bundles');
  const bundles = await bundleSizes();
  const ratios = [...grown.map((one) => ({ ...one, atMost: 1 })), { ...rate, atLeast: IMPORT_AT_LEAST }];
  return { operations: measured, bundles, ratios, entries: entrySizes() };
}

/** Measures, prints, and answers the exit code. */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { json: { type: 'boolean' }, help: { type: 'boolean' } } });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  say('starting DynamoDB Local in memory');
  const stage = await openStage();
  try {
    const report = await run(stage);
    console.log(values.json ? JSON.stringify(report, null, 2) : tables(report));
    const faults = broken(report);
    for (const fault of faults) process.stderr.write(`! ${fault}\n`);
    return faults.length > 0 ? 1 : 0;
  } finally {
    await stage.stop();
  }
}

try {
  process.exitCode = await main();
} catch (thrown) {
  console.error(thrown);
  process.exitCode = 2;
}
