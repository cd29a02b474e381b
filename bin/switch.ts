import { parseArgs } from 'node:util';
import { SWITCHES } from '../shared/http/switches.ts';
import { turn } from '../shared/table/switches.ts';

const USAGE = `npm run switch -- --table TABLE --off|--on ${SWITCHES.join('|')} --why "REASON"
AWS credentials and region are taken from the environment; AWS_ENDPOINT_URL_DYNAMODB names another DynamoDB.`;

function refuse(sentence: string): never {
  console.error(`${sentence}\n${USAGE}`);
  process.exit(1);
}

function readOptions() {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({ options: { table: text, on: text, off: text, why: text, help: { type: 'boolean' } } }).values;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

/** Switches earning or spending off and on, for everybody, within a minute. */
async function main(): Promise<void> {
  const { table, on, off, why, help } = readOptions();
  if (help) {
    console.log(USAGE);
    return;
  }
  const name = SWITCHES.find((known) => known === (off ?? on));
  if (!table || !why) refuse('--table and --why are needed.');
  if (!name || (on !== undefined && off !== undefined)) refuse('Say one thing to switch, --off or --on.');
  process.env.TABLE_NAME = table;
  const left = await turn(name, off === undefined ? 'on' : 'off', why);
  console.log(left.length > 0 ? `Off: ${left.join(', ')}. It takes up to half a minute.` : 'All is on.');
}

await main();
