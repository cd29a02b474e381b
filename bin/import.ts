import { readOptions, USAGE } from './import/options.ts';
import { reportOf } from './import/report.ts';
import { startImport } from './import/run.ts';
import { Stop } from './tools/stop.ts';

/** Imports two files through the public API; answers the exit code. */
async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), process.env);
  if (!options) {
    console.log(USAGE);
    return 0;
  }
  const { tally, done } = startImport(options, process.stderr);
  try {
    await done;
  } finally {
    console.log(reportOf(tally));
  }
  return tally.refused.length > 0 ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (thrown) {
  console.error(thrown instanceof Stop ? thrown.message : thrown);
  process.exitCode = 2;
}
