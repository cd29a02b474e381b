import { randomUUID } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { Happening } from './run-log.ts';
import type { Answer, FromWorker, Invocation, WorkerData } from './worker.ts';

/** How an invocation ended. */
export type Outcome =
  | { failed: false; value: unknown }
  | { failed: 'error' | 'timeout' | 'throttled'; message: string; error: { errorType: string; errorMessage: string } };

export interface PoolOptions {
  data: WorkerData;
  environment: Record<string, string>;
  timeoutMs: number;
  log: (happening: Happening) => void;
}

export interface WorkerPool {
  /** `cause` is what the log says woke the function; `at` the instant that it sees instead of the clock. */
  invoke(event: unknown, how?: { cause?: string | undefined; at?: number | undefined }): Promise<Outcome>;
  /** From now on the function is this bundle; what runs already ends as it began. */
  replace(bundleUrl: string): void;
  stop(): Promise<void>;
}

interface Sandbox {
  worker: Worker;
  bundleUrl: string;
  coldMs: number | undefined;
}

/** As many sandboxes of one function as this machine keeps. */
const MAX_WORKERS = 4;

function failure(failed: 'error' | 'timeout', errorType: string, errorMessage: string): Outcome {
  return { failed, message: `${errorType}: ${errorMessage}`, error: { errorType, errorMessage } };
}

/** As much of the function's memory as Lambda leaves to the heap of JavaScript: old objects, and three spaces of new ones. */
function heapOf({ memoryMb }: WorkerData) {
  return { maxOldGenerationSizeMb: Math.floor(memoryMb * 0.9), maxYoungGenerationSizeMb: Math.ceil(memoryMb * 0.15) };
}

function startWorker(data: WorkerData, { environment, log }: PoolOptions): Worker {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: data,
    env: environment,
    resourceLimits: heapOf(data),
    execArgv: (environment['NODE_OPTIONS'] ?? '').split(' ').filter((option) => option !== ''),
  });
  worker.setMaxListeners(0);
  worker.on('error', () => {});
  worker.on('message', (message: FromWorker) => {
    if (!('said' in message)) return;
    for (const text of message.said.split('\n').filter((line) => line !== ''))
      log({ kind: 'said', function: data.functionName, invocationId: message.requestId, text });
  });
  return worker;
}

/** Waits until the worker is ready or has answered; its death is a rejection. */
function nextAnswer(worker: Worker): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      act();
    };
    const onMessage = (message: FromWorker): void => {
      if (!('said' in message)) settle(() => resolve(message));
    };
    const onError = (error: Error): void => settle(() => reject(error));
    const onExit = (code: number): void =>
      settle(() => reject(new Error(`The function ended its process with code ${code}.`)));
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
  });
}

async function call(worker: Worker, invocation: Invocation): Promise<Outcome> {
  const answered = nextAnswer(worker);
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

/** The sandboxes of one function: a place for each that runs, a queue beyond, and those that wait for work. */
function sandboxes(options: PoolOptions) {
  const idle: Sandbox[] = [];
  const alive = new Set<Worker>();
  const waiting: (() => void)[] = [];
  let { bundleUrl } = options.data;
  let taken = 0;

  /** One that ends between two calls takes none any more. */
  function forget(worker: Worker): void {
    alive.delete(worker);
    const index = idle.findIndex((one) => one.worker === worker);
    if (index >= 0) idle.splice(index, 1);
  }

  async function discard({ worker }: Sandbox): Promise<void> {
    alive.delete(worker);
    await worker.terminate();
  }

  async function start(): Promise<Sandbox> {
    const since = performance.now();
    const sandbox = { worker: startWorker({ ...options.data, bundleUrl }, options), bundleUrl };
    alive.add(sandbox.worker);
    sandbox.worker.once('exit', () => forget(sandbox.worker));
    await nextAnswer(sandbox.worker);
    return { ...sandbox, coldMs: Math.round(performance.now() - since) };
  }

  return {
    discard,
    async take(): Promise<Sandbox> {
      if (taken >= MAX_WORKERS) await new Promise<void>((resolve) => waiting.push(resolve));
      else taken += 1;
      const ready = idle.pop();
      return ready ?? start();
    },
    async give(sandbox: Sandbox | undefined): Promise<void> {
      if (sandbox?.bundleUrl === bundleUrl) idle.push({ ...sandbox, coldMs: undefined });
      const next = waiting.shift();
      if (next) next();
      else taken -= 1;
      if (sandbox && sandbox.bundleUrl !== bundleUrl) await discard(sandbox);
    },
    async replace(url: string): Promise<void> {
      bundleUrl = url;
      await Promise.all(idle.splice(0).map(discard));
    },
    stop: async () => void (await Promise.all([...alive].map((worker) => worker.terminate()))),
  };
}

/** Workers of one function: one invocation at a time each, a queue beyond (as long as the concurrency allows), a fresh one after a time-out or a crash. */
export function workerPool(options: PoolOptions): WorkerPool {
  const { take, give, discard, replace, stop } = sandboxes(options);
  const { functionName } = options.data;

  async function run(sandbox: Sandbox, invocation: Invocation): Promise<Outcome> {
    try {
      return await withinTime(call(sandbox.worker, invocation), options.timeoutMs);
    } catch (thrown) {
      await discard(sandbox);
      return failure('error', 'Runtime.ExitError', thrown instanceof Error ? thrown.message : String(thrown));
    }
  }

  async function started(): Promise<Sandbox | Outcome> {
    try {
      return await take();
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      return failure('error', error.name, error.message);
    }
  }

  return {
    async invoke(event, { cause, at } = {}) {
      const invocationId = randomUUID();
      const sandbox = await started();
      const since = performance.now();
      const invocation = { requestId: invocationId, event, timeoutMs: options.timeoutMs, at };
      const outcome = 'failed' in sandbox ? sandbox : await run(sandbox, invocation);
      options.log({
        kind: 'call',
        function: functionName,
        invocationId,
        ...(cause !== undefined && { cause }),
        ...('coldMs' in sandbox && sandbox.coldMs !== undefined && { coldMs: sandbox.coldMs }),
        ms: Math.round(performance.now() - since),
        ...(outcome.failed && { failed: outcome.message }),
      });
      const ended = 'failed' in sandbox || outcome.failed === 'timeout' || isGone(outcome);
      if (!('failed' in sandbox) && outcome.failed === 'timeout') await discard(sandbox);
      await give(ended ? undefined : sandbox);
      return outcome;
    },
    replace: (bundleUrl) => void replace(bundleUrl),
    stop,
  };
}

/** Whether the sandbox itself has come to its end. */
function isGone(outcome: Outcome): boolean {
  return outcome.failed === 'error' && outcome.error.errorType === 'Runtime.ExitError';
}
