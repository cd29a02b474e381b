import { randomUUID } from 'node:crypto';
import type { Writable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import type { Answer, Invocation, WorkerData } from './worker.ts';

/** How an invocation ended. */
export type Outcome =
  | { failed: false; value: unknown }
  | { failed: 'error' | 'timeout'; message: string; error: { errorType: string; errorMessage: string } };

export interface PoolOptions {
  data: WorkerData;
  environment: Record<string, string>;
  timeoutMs: number;
  log: Writable;
}

export interface WorkerPool {
  invoke(event: unknown, at?: number): Promise<Outcome>;
  stop(): Promise<void>;
}

/** As many sandboxes of one function as this machine keeps. */
const MAX_WORKERS = 4;

function failure(failed: 'error' | 'timeout', errorType: string, errorMessage: string): Outcome {
  return { failed, message: `${errorType}: ${errorMessage}`, error: { errorType, errorMessage } };
}

function startWorker({ data, environment, log }: PoolOptions): Worker {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: data,
    env: environment,
    execArgv: (environment['NODE_OPTIONS'] ?? '').split(' ').filter((option) => option !== ''),
    stdout: true,
    stderr: true,
  });
  worker.stdout.pipe(log, { end: false });
  worker.stderr.pipe(log, { end: false });
  worker.setMaxListeners(0);
  return worker;
}

/** Waits for one message of the worker; its death is a rejection. */
function nextMessage<Message>(worker: Worker): Promise<Message> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      worker.removeAllListeners('message').removeAllListeners('error').removeAllListeners('exit');
      worker.on('error', () => {});
      act();
    };
    worker.once('message', (message: Message) => settle(() => resolve(message)));
    worker.once('error', (error) => settle(() => reject(error)));
    worker.once('exit', (code) => settle(() => reject(new Error(`The function ended its process with code ${code}.`))));
  });
}

async function call(worker: Worker, invocation: Invocation): Promise<Outcome> {
  const answered = nextMessage<Answer>(worker);
  worker.postMessage(invocation);
  const answer = await answered;
  if ('value' in answer) return { failed: false, value: JSON.parse(answer.value) };
  return failure('error', answer.error.name, answer.error.message);
}

async function withinTime(call: Promise<Outcome>, timeoutMs: number): Promise<Outcome> {
  const late = Promise.withResolvers<Outcome>();
  const seconds = (timeoutMs / 1_000).toFixed(2);
  const timer = setTimeout(
    () => late.resolve(failure('timeout', 'Sandbox.Timedout', `Task timed out after ${seconds} seconds`)),
    timeoutMs,
  );
  try {
    return await Promise.race([call, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Workers of one function: one invocation at a time each, a queue beyond, a fresh one after a time-out or a crash. */
export function workerPool(options: PoolOptions): WorkerPool {
  const idle: Worker[] = [];
  const alive = new Set<Worker>();
  const waiting: (() => void)[] = [];
  let taken = 0;

  async function take(): Promise<Worker> {
    if (taken >= MAX_WORKERS) await new Promise<void>((resolve) => waiting.push(resolve));
    else taken += 1;
    const ready = idle.pop();
    if (ready) return ready;
    const worker = startWorker(options);
    alive.add(worker);
    await nextMessage(worker);
    return worker;
  }

  function give(worker: Worker | undefined): void {
    if (worker) idle.push(worker);
    const next = waiting.shift();
    if (next) next();
    else taken -= 1;
  }

  async function discard(worker: Worker | undefined): Promise<undefined> {
    if (!worker) return undefined;
    alive.delete(worker);
    await worker.terminate();
    return undefined;
  }

  async function invoke(event: unknown, at?: number): Promise<Outcome> {
    let worker: Worker | undefined;
    try {
      worker = await take();
      const invocation = { requestId: randomUUID(), event, timeoutMs: options.timeoutMs, at };
      const outcome = await withinTime(call(worker, invocation), options.timeoutMs);
      if (outcome.failed === 'error') options.log.write(`${JSON.stringify(outcome)}\n`);
      if (outcome.failed === 'timeout') worker = await discard(worker);
      return outcome;
    } catch (thrown) {
      worker = await discard(worker);
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      options.log.write(`${error.stack ?? error.message}\n`);
      return failure('error', error.name, error.message);
    } finally {
      give(worker);
    }
  }

  return {
    invoke,
    stop: async () => void (await Promise.all([...alive].map((worker) => worker.terminate()))),
  };
}
