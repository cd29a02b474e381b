import { parseArgs } from 'node:util';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { openStreamRecords } from '../infra/local/stream-records.ts';
import { readSystem } from '../infra/local/system.ts';
import { type Fate, look, redrive, type Tools } from './redrive/hand-back.ts';
import { type Letter, whereFrom } from './redrive/letters.ts';
import { openDeadLetters } from './redrive/queues.ts';
import { showProgress } from './tools/progress.ts';
import { messageOf, Stop } from './tools/stop.ts';

const USAGE = `npm run redrive -- --list | --all | ID [--data .local | --queue URL …]
Shows what lies in the dead-letter queues, with the reason, or hands it back to where it came from: one after the other, and
what is done is gone. Without --queue it is the local run's queues. What is being handed back, nobody else can take.
Ends with 0 when nothing is left of what was asked for, 1 when something is, 2 when it could not go on.`;

/** A function runs for 15 minutes at most; a call that is sent twice would be handed back twice. */
const LONGEST_MS = 960_000;

function readWish() {
  const { values, positionals } = parseArgs({
    options: {
      list: { type: 'boolean', default: false },
      all: { type: 'boolean', default: false },
      data: { type: 'string', default: '.local' },
      queue: { type: 'string', multiple: true },
    },
    allowPositionals: true,
  });
  const { list, all, data, queue } = values;
  const [id, ...more] = positionals;
  const asked = [list, all, id !== undefined].filter(Boolean).length;
  if (asked !== 1 || more.length > 0) throw new Stop('Say one: --list, --all, or the id of one dead letter.');
  return { list, id, data, queue };
}

/** The queues that were named, with the credentials and region of the environment, or those of the local run. */
function toolsFor({ data, queue }: { data: string; queue: string[] | undefined }): Tools {
  const lasting = { maxAttempts: 1, requestHandler: { requestTimeout: LONGEST_MS } };
  if (queue) {
    const letters = openDeadLetters(new SQSClient({}), queue);
    return { letters, lambda: new LambdaClient(lasting), streams: openStreamRecords() };
  }
  const { isRunning, doubles, queues, dynamodb } = readSystem(data);
  if (!isRunning || doubles === undefined || queues === undefined)
    throw new Stop(`Nothing runs on ${data}: \`npm start\` first, or name queues with --queue URL.`);
  const own = { AWS_REGION: 'local', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };
  Object.assign(process.env, own);
  return {
    letters: openDeadLetters(new SQSClient({ endpoint: doubles }), queues),
    lambda: new LambdaClient({ ...lasting, endpoint: doubles }),
    streams: openStreamRecords(dynamodb),
  };
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function tell(letter: Letter, reason: string): void {
  say(`${letter.id} · ${new Date(letter.at).toISOString()} · ${whereFrom(letter)}\n  ${reason}`);
}

function report(fates: readonly Fate[]): number {
  const left = fates.filter((fate) => fate.left !== undefined);
  for (const { letter, left: why = '' } of left) tell(letter, why);
  say(`${fates.length - left.length} handed back and done, ${left.length} left where they were.`);
  return left.length === 0 ? 0 : 1;
}

async function run(): Promise<number> {
  if (process.argv.includes('--help')) {
    say(USAGE);
    return 0;
  }
  const { list, id, ...place } = readWish();
  const tools = toolsFor(place);
  if (list) {
    const found = await look(tools);
    for (const letter of found) tell(letter, letter.reason);
    const letters = found.length === 1 ? 'letter' : 'letters';
    say(found.length === 0 ? 'No dead letters.' : `${found.length} dead ${letters}.`);
    return 0;
  }
  const all = id === undefined ? await tools.letters.count() : 1;
  const bar = showProgress(process.stderr, 'letters');
  const fates = await redrive(tools, { id, told: (done) => bar.show(Math.min(1, done / Math.max(1, all)), done) });
  bar.end();
  if (id !== undefined && fates.length === 0)
    throw new Stop(`No dead letter ${id} lies there for the taking: --list shows which do.`);
  return report(fates);
}

try {
  process.exitCode = await run();
} catch (thrown) {
  console.error(`${messageOf(thrown)}\n${USAGE}`);
  process.exitCode = 2;
}
