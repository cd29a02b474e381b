import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readRunLog } from '../infra/local/run-log.ts';
import { storyOf } from '../infra/local/trace.ts';

const USAGE = `npm run trace -- ID [--data .local]
ID is a request's (the answer's header apigw-requestid, or "instance" in a refusal), an event's, or that of a failed call.`;

function refuse(sentence: string): never {
  console.error(`${sentence}\n${USAGE}`);
  process.exit(1);
}

/** Ids may begin with a hyphen, and are no options then. */
const isId = (word: string): boolean => /^-(?!-)[\w-]{2,}=?$/.test(word);

function readOptions() {
  const words = process.argv.slice(2).filter((word) => word !== '--');
  try {
    return parseArgs({
      args: [...words.filter((word) => !isId(word)), '--', ...words.filter(isId)],
      options: { data: { type: 'string', default: '.local' }, help: { type: 'boolean', default: false } },
      allowPositionals: true,
    });
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

/** Tells the story of one request of the local run: its functions, their writes, the events and who reacted. */
function main(): void {
  const {
    values: { data, help },
    positionals: [id, ...more],
  } = readOptions();
  if (help) {
    console.log(USAGE);
    return;
  }
  if (!id || more.length > 0) refuse('Say one id.');
  const log = readRunLog(join(data, 'logs'));
  // A double click leaves off the sign at the end.
  const story = [id, `${id}=`].map((one) => storyOf(log, one)).find((lines) => lines.length > 0) ?? [];
  if (story.length === 0)
    refuse(`The log of ${data} says nothing of ${id}: it keeps the last 16 to 32 MB, and only what ran here.`);
  console.log(story.join('\n'));
}

main();
