import { readDemo, type Seed, writeDemo } from './demo.ts';
import { hasFirstOwner } from './first-owner.ts';
import { readable } from './log-lines.ts';
import { type Options, readOptions } from './options.ts';
import { codeOf, messageOf, Refusal } from './refusal.ts';
import { type Again, watchRuntime } from './reload.ts';
import { type Runtime, startRuntime } from './runtime.ts';
import { screen } from './screen.ts';
import { synthesize } from './synthesis.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Runs the work under a line that says what goes on and, when it is done, how long it took. */
async function phase<T>(title: string, work: () => Promise<T>): Promise<T> {
  const since = performance.now();
  say(`· ${title} …`);
  const result = await work();
  say(`  ${title}: ${((performance.now() - since) / 1_000).toFixed(1)} s`);
  return result;
}

async function seedOnce(runtime: Runtime, seed: Seed): Promise<void> {
  const { folder, api, env } = runtime;
  if (!folder.state.seeded) {
    const demo = await phase('putting a small mall on the shelf', () => seed({ api, env })).catch((thrown: unknown) => {
      throw new Refusal(
        `The seed failed (${messageOf(thrown)}): look into ${folder.path}/logs, then start with --fresh.`,
      );
    });
    writeDemo(folder.path, api, demo);
    folder.state.seeded = true;
    folder.save();
    return;
  }
  const demo = readDemo(folder.path);
  if (!demo) return;
  writeDemo(folder.path, api, (await hasFirstOwner(runtime)) ? { ...demo, firstOwnerSecret: undefined } : demo);
}

async function bringUp(
  { port, data, stage, fresh, dynamodb, logs }: Options,
  seed: Seed,
  made?: string,
): Promise<Runtime> {
  const runtime = await phase('starting what the template says', () =>
    startRuntime({
      port,
      data,
      fresh,
      dynamodb,
      synthesize: async (folder) => made ?? phase('synthesizing the app', () => synthesize(folder, stage)),
      told: logs ? (line) => say(readable(line)) : undefined,
      log: (line) => void process.stderr.write(`! ${line}\n`),
    }),
  );
  try {
    await seedOnce(runtime, seed);
    return runtime;
  } catch (thrown) {
    await runtime.stop();
    throw thrown;
  }
}

/** What is under way may end; nobody waits longer than this. */
const LONGEST_STOP_MS = 20_000;

/** Kept when somebody wants us to end: a signal, or the death of the process that started us. */
function wanted(): Promise<string> {
  const parent = process.ppid;
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      let first = true;
      process.on(signal, () => {
        if (!first) process.exit(130);
        first = false;
        resolve(signal);
      });
    }
    setInterval(() => {
      if (process.ppid !== parent) resolve('the end of the parent process');
    }, 500).unref();
  });
}

/** Kept when something fails that nobody waits for, such as a log that cannot be written: then we end in order. */
function failure(data: string): Promise<Error> {
  return new Promise((resolve) => {
    process.on('uncaughtException', (error) => {
      const full = codeOf(error) === 'ENOSPC';
      resolve(full ? new Refusal(`The disk is full: make room where ${data} lies and start again.`) : error);
    });
  });
}

interface Ends {
  wanted: Promise<string>;
  failed: Promise<Error>;
}

/** Runs until somebody wants it to end, something fails, or, under --watch, the template is another: then gives that. */
async function live(options: Options, seed: Seed, ends: Ends, made?: string): Promise<number | Again> {
  const runtime = await Promise.race([bringUp(options, seed, made), ends.wanted, ends.failed]);
  if (typeof runtime === 'string') return 130;
  if (runtime instanceof Error) throw runtime;
  const watching = options.watch ? await watchRuntime(runtime, options.stage, say, made !== undefined) : undefined;
  say(screen(runtime, readDemo(runtime.folder.path), options.dynamodb !== undefined));
  const broken = runtime.ended.then(
    () => new Refusal(`DynamoDB Local has ended by itself: look into ${runtime.folder.path}/logs/dynamodb.log.`),
  );
  const why = await Promise.race([ends.wanted, broken, ends.failed, ...(watching ? [watching.again] : [])]);
  if (typeof why === 'string') say(`Stopping (${why}) … once more stops at once.`);
  const isAgain = typeof why === 'object' && 'cdkOut' in why;
  const lingering = isAgain ? undefined : setTimeout(() => process.exit(1), LONGEST_STOP_MS);
  await watching?.stop();
  await runtime.stop();
  clearTimeout(lingering);
  if (isAgain) return why;
  if (typeof why !== 'string') throw why;
  return 0;
}

async function run(args: readonly string[], seed: Seed): Promise<number> {
  const options = readOptions(args);
  const ends = { wanted: wanted(), failed: failure(options.data) };
  let ended = await live(options, seed, ends);
  while (typeof ended !== 'number') {
    say('The template has changed: starting again.');
    ended = await live({ ...options, port: ended.port, fresh: false }, seed, ends, ended.cdkOut);
  }
  return ended;
}

/** `npm start`: everything on this machine, until somebody wants it to end. Ends the process. */
export async function start(args: readonly string[], seed: Seed): Promise<never> {
  try {
    process.exit(await run(args, seed));
  } catch (thrown) {
    process.stderr.write(
      `${thrown instanceof Refusal ? thrown.message : thrown instanceof Error ? thrown.stack : String(thrown)}\n`,
    );
    process.exit(1);
  }
}
