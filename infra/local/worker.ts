/** What runs inside a function's worker: the movable Date first, then the bundle, then one invocation at a time. */
import { parentPort, workerData } from 'node:worker_threads';
import { type ClockWord, clockNow } from './clock.ts';

export interface WorkerData {
  clock: ClockWord;
  bundleUrl: string;
  handlerName: string;
  functionName: string;
  functionArn: string;
  memoryMb: number;
}

export interface Invocation {
  requestId: string;
  event: unknown;
  timeoutMs: number;
  /** The instant that this invocation sees instead of the clock: a schedule's due instant. */
  at?: number | undefined;
}

export type Answer = { value: string } | { error: { name: string; message: string; stack: string } };

/** An answer (also to the start: ready), or what the function writes to its standard output while it runs. */
export type FromWorker = Answer | { said: string; requestId: string };

type Handler = (event: unknown, context: object) => unknown;

let instant: number | undefined;
let requestId = '';

function replaceDate(clock: ClockWord): void {
  const RealDate = Date;
  const now = (): number => instant ?? clockNow(clock);
  const movable = new Proxy(RealDate, {
    construct: (target, given, newTarget): Date =>
      Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget) as Date,
    apply: () => new RealDate(now()).toString(),
    get: (target, property): unknown => (property === 'now' ? now : Reflect.get(target, property)),
  });
  Object.defineProperty(RealDate.prototype, 'constructor', { value: movable });
  globalThis.Date = movable;
}

type Write = (chunk: string | Uint8Array, encoding?: unknown, done?: unknown) => boolean;

/** Everything that the function prints goes out at once, marked with its invocation: even a loop without end is heard. */
function replaceOutput(port: NonNullable<typeof parentPort>): void {
  const write: Write = (chunk, encoding, done) => {
    const message: FromWorker = { said: typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString(), requestId };
    port.postMessage(message);
    const callback = [encoding, done].find((one) => typeof one === 'function') as (() => void) | undefined;
    callback?.();
    return true;
  };
  for (const stream of [process.stdout, process.stderr]) stream.write = write;
}

function contextOf(data: WorkerData, { requestId, timeoutMs }: Invocation): object {
  const endsAt = performance.now() + timeoutMs;
  return {
    awsRequestId: requestId,
    functionName: data.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: data.functionArn,
    memoryLimitInMB: String(data.memoryMb),
    logGroupName: `/local/${data.functionName}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, Math.round(endsAt - performance.now())),
  };
}

async function answer(handler: Handler, data: WorkerData, invocation: Invocation): Promise<Answer> {
  instant = invocation.at;
  ({ requestId } = invocation);
  try {
    const value = await handler(invocation.event, contextOf(data, invocation));
    return { value: JSON.stringify(value ?? null) };
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    process.stderr.write(`${error.stack ?? error.message}\n`);
    return { error: { name: error.name, message: error.message, stack: error.stack ?? '' } };
  } finally {
    instant = undefined;
  }
}

async function serve(port: NonNullable<typeof parentPort>, data: WorkerData): Promise<void> {
  replaceOutput(port);
  replaceDate(data.clock);
  const bundle = (await import(data.bundleUrl)) as Record<string, unknown>;
  const handler = bundle[data.handlerName];
  if (typeof handler !== 'function') throw new Error(`The bundle exports no ${data.handlerName}.`);
  port.on('message', (invocation: Invocation) => {
    void answer(handler as Handler, data, invocation).then((message) => port.postMessage(message));
  });
  port.postMessage({ value: 'ready' } satisfies Answer);
}

if (parentPort) await serve(parentPort, workerData as WorkerData);
