import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Reply, type Request, requestOf } from './http-event.ts';
import { codeOf, Refusal } from './refusal.ts';

export interface HttpServer {
  url: string;
  stop(): Promise<void>;
}

async function bodyOf(message: IncomingMessage, limit: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of message as AsyncIterable<Buffer>) {
    size += part.length;
    if (size <= limit + 1) parts.push(part);
  }
  const body = Buffer.concat(parts);
  return size > limit ? Buffer.concat([body, Buffer.alloc(limit + 1 - Math.min(limit + 1, body.length))]) : body;
}

function write(response: ServerResponse, method: string, { statusCode, headers, cookies, body }: Reply): void {
  response.writeHead(statusCode, {
    ...headers,
    ...(cookies.length > 0 && { 'set-cookie': cookies }),
    'content-length': body.length,
  });
  response.end(method === 'HEAD' ? undefined : body);
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const taken = codeOf(error) === 'EADDRINUSE';
      reject(
        taken ? new Refusal(`Port ${port} is taken: stop what listens there, or choose another with --port.`) : error,
      );
    });
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : port}`);
    });
  });
}

export interface ServeOptions {
  port: number;
  /** A longer body reaches `answer` cut one byte above this. */
  maxBodyBytes: number;
  answer: (request: Request) => Promise<Reply>;
  complain: (line: string) => void;
}

/** Serves on 127.0.0.1 only; port 0 takes any free one. */
export async function serve({ port, maxBodyBytes, answer, complain }: ServeOptions): Promise<HttpServer> {
  const server = createServer((message, response) => {
    const work = async (): Promise<void> => {
      const request = requestOf(message, await bodyOf(message, maxBodyBytes));
      write(response, request.method, await answer(request));
    };
    work().catch((thrown: unknown) => {
      complain(
        `${message.method} ${message.url}: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`,
      );
      if (response.headersSent) response.destroy();
      else response.writeHead(500, { 'content-type': 'application/json' }).end('{"message":"Internal Server Error"}');
    });
  });
  server.keepAliveTimeout = 75_000;
  const url = await listen(server, port);
  return {
    url,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
