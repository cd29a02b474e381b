import { readDemo, type Seed, writeDemo } from './demo.ts';
import { readable } from './log-lines.ts';
import { type Options, readOptions } from './options.ts';
import { codeOf, messageOf, Refusal } from './refusal.ts';
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
  if (demo) writeDemo(folder.path, api, demo);
}

async function bringUp({ port, data, fresh, dynamodb, logs }: Options, seed: Seed): Promise<Runtime> {
  const runtime = await phase('starting what the template says', () =>
    startRuntime({
      port,
      data,
      fresh,
      dynamodb,
      synthesize: (folder) => phase('synthesizing the app', () => synthesize(folder)),
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

async function run(args: readonly string[], seed: Seed): Promise<number> {
  const options = readOptions(args);
  const end = wanted();
  const failed = failure(options.data);
  const starting = bringUp(options, seed);
  const runtime = await Promise.race([starting, end, failed]);
  if (typeof runtime === 'string') return 130;
  if (runtime instanceof Error) throw runtime;
  say(screen(runtime, readDemo(runtime.folder.path), options.dynamodb !== undefined));
  const broken = runtime.ended.then(
    () => new Refusal(`DynamoDB Local has ended by itself: look into ${runtime.folder.path}/logs/dynamodb.log.`),
  );
  const why = await Promise.race([end, broken, failed]);
  if (typeof why === 'string') say(`Stopping (${why}) …`);
  const lingering = setTimeout(() => process.exit(1), 1_800);
  await runtime.stop();
  clearTimeout(lingering);
  if (typeof why !== 'string') throw why;
  return 0;
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
