import { randomUUID } from 'node:crypto';
import {
  Agent,
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  request as send,
} from 'node:http';
import type { Socket } from 'node:net';

/** What befalls one call on its way to the table. */
export type Fault =
  /** The connection breaks before the table has heard of it. */
  | 'lost before'
  /** The table has done it, and its reply is lost. */
  | 'lost after'
  /** The caller hears nothing more of it, and it reaches the table only when `landLate` says so. */
  | 'late'
  /** The table gets it twenty times at once, and the caller gets one of the replies. */
  | 'duplicate'
  | 'throttled'
  | 'failed'
  /** Another transaction is on the item: the emulator itself never says so. */
  | 'conflict'
  /** Nothing comes back, and the connection stays. */
  | 'black hole';

/** One call as it came by; `number` counts from 1 since the last `strike`. */
export interface Call {
  number: number;
  /** `PutItem`, `Query`, … */
  action: string;
  body: string;
}

export interface Struck {
  call: Call;
  fault: Fault;
  /** Milliseconds, as `performance.now` counts them. */
  at: number;
}

export interface FaultProxy {
  url: string;
  /** From now on these calls meet these faults; the count of calls begins anew. */
  strike(faultOf: (call: Call) => Fault | undefined): void;
  /** No faults any more; how many calls there were since `strike`, and which of them were struck. */
  calm(): { calls: Call[]; struck: Struck[] };
  /** Lets every late call land now, and says what the table answered. */
  landLate(): Promise<{ status: number; text: string }[]>;
  stop(): Promise<void>;
}

const DUPLICATES = 20;
const WRITES = ['PutItem', 'UpdateItem', 'DeleteItem', 'TransactWriteItems'];
/** A call that changes something. */
export const isWrite = ({ action }: Call): boolean => WRITES.includes(action);

interface Answered {
  status: number;
  headers: IncomingMessage['headers'];
  text: string;
}

async function textOf(message: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of message as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString();
}

/** The call as somebody else would send it: ten minutes later its token protects nobody any more. */
function withoutToken(body: string): string {
  const { ClientRequestToken: token, ...rest } = JSON.parse(body) as Record<string, unknown>;
  return JSON.stringify(token === undefined ? rest : { ...rest, ClientRequestToken: randomUUID() });
}

function refusal({ action, body }: Call, fault: 'throttled' | 'failed' | 'conflict'): Answered {
  const named = (status: number, name: string, more: object = {}): Answered => ({
    status,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    text: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: 'injected', ...more }),
  });
  if (fault === 'failed') return named(500, 'InternalServerError');
  if (fault === 'throttled') return named(400, 'ProvisionedThroughputExceededException');
  if (action !== 'TransactWriteItems') return named(400, 'TransactionConflictException');
  const { TransactItems } = JSON.parse(body) as { TransactItems: unknown[] };
  const CancellationReasons = TransactItems.map((_, i) => ({ Code: i === 0 ? 'TransactionConflict' : 'None' }));
  return named(400, 'TransactionCanceledException', { CancellationReasons });
}

/** Stands on 127.0.0.1 between the SDK and the table at `target`. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const { hostname, port } = new URL(target);
  const agent = new Agent({ keepAlive: true });
  const sockets = new Set<Socket>();
  const late: (() => Promise<Answered>)[] = [];
  let faultOf: (call: Call) => Fault | undefined = () => undefined;
  let calls: Call[] = [];
  let struck: Struck[] = [];

  const forward = (headers: IncomingMessage['headers'], body: string): Promise<Answered> =>
    new Promise((resolve, reject) => {
      const { 'content-length': _, host: __, ...kept } = headers;
      const sent = send(
        { agent, hostname, port, method: 'POST', headers: { ...kept, 'content-length': Buffer.byteLength(body) } },
        (answer) => {
          textOf(answer)
            .then((text) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }))
            .catch(reject);
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });

  const reply = (response: ServerResponse, { status, headers, text }: Answered): void => {
    // A checksum of the emulator's would still fit: what it answered is passed on unchanged.
    const { 'transfer-encoding': _, connection: __, ...kept } = headers;
    response.writeHead(status, { ...kept, 'content-length': Buffer.byteLength(text) }).end(text);
  };

  const meet = async (call: Call, fault: Fault, message: IncomingMessage, response: ServerResponse): Promise<void> => {
    struck.push({ call, fault, at: performance.now() });
    if (fault === 'black hole') return;
    if (fault === 'throttled' || fault === 'failed' || fault === 'conflict') {
      reply(response, refusal(call, fault));
      return;
    }
    if (fault === 'duplicate') {
      const copies = Array.from({ length: DUPLICATES }, () => forward(message.headers, withoutToken(call.body)));
      const answers = await Promise.all(copies);
      reply(response, answers[DUPLICATES - 1] as Answered);
      return;
    }
    if (fault === 'lost after') await forward(message.headers, withoutToken(call.body));
    if (fault === 'late') late.push(() => forward(message.headers, withoutToken(call.body)));
    response.destroy();
  };

  const server: Server = createServer((message, response) => {
    const work = async (): Promise<void> => {
      const body = await textOf(message);
      const action = String(message.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
      const call = { number: calls.length + 1, action, body };
      calls.push(call);
      const fault = faultOf(call);
      if (fault) await meet(call, fault, message, response);
      else reply(response, await forward(message.headers, body));
    };
    work().catch(() => response.destroy());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('This machine gives no TCP port on 127.0.0.1.');

  return {
    url: `http://127.0.0.1:${address.port}`,
    strike(next) {
      [faultOf, calls, struck] = [next, [], []];
    },
    calm() {
      faultOf = () => undefined;
      return { calls, struck };
    },
    async landLate() {
      const landing = late.splice(0);
      return Promise.all(landing.map((land) => land()));
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      agent.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
