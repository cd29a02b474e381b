import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundleOptions, root } from '../../infra/constructs/bundle-options.ts';
import { baseEvent, replyOf } from '../../infra/local/http-event.ts';

const CLIENT = fileURLToPath(new URL('../../node_modules/aws-lambda-ric/index.mjs', import.meta.url));
const STAND_IN = new URL('../support/rapid-client.ts', import.meta.url).href;
const API = '/2018-06-01/runtime';

const task = mkdtempSync(join(tmpdir(), 'points-mall-task-'));
afterAll(() => rmSync(task, { recursive: true, force: true }));

beforeAll(async () => {
  await build({
    absWorkingDir: root,
    entryPoints: [{ in: 'functions/front-door/api.ts', out: 'index' }],
    outdir: task,
    ...bundleOptions,
  });
});

async function textOf(message: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of message as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString();
}

/** A runtime API with one invocation to hand out; kept when the function has answered it, or failed. */
async function runtimeApi(event: object) {
  const answered = Promise.withResolvers<{ path: string; text: string }>();
  let given = false;
  const server = createServer((message, response) => {
    const path = message.url ?? '';
    if (path === `${API}/invocation/next`) {
      // The next one never comes: the function waits, as it does in the cloud.
      if (given) return;
      given = true;
      const deadline = String(Date.now() + 30_000);
      response.writeHead(200, {
        'content-type': 'application/json',
        'lambda-runtime-aws-request-id': 'invocation-1',
        'lambda-runtime-deadline-ms': deadline,
        'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:local:000000000000:function:FrontDoorApi',
      });
      response.end(JSON.stringify(event));
      return;
    }
    void textOf(message).then((text) => {
      answered.resolve({ path, text });
      response.writeHead(202).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { address: `127.0.0.1:${port}`, answered: answered.promise, stop };
}

/** Amazon's own client, with the bundle as its task. */
function startClient(address: string) {
  const said: string[] = [];
  const child = spawn(process.execPath, ['--import', STAND_IN, CLIENT], {
    env: {
      AWS_LAMBDA_NODEJS_USE_ALTERNATIVE_CLIENT_1: 'true',
      AWS_LAMBDA_RUNTIME_API: address,
      _HANDLER: 'index.handler',
      LAMBDA_TASK_ROOT: task,
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_FUNCTION_NAME: 'FrontDoorApi',
      AWS_LAMBDA_FUNCTION_VERSION: '1',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
      AWS_LAMBDA_LOG_GROUP_NAME: 'logs',
      AWS_LAMBDA_LOG_STREAM_NAME: 'stream',
      AWS_REGION: 'local',
      TZ: ':UTC',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => said.push(part.toString()));
  const ended = new Promise<never>((_, reject) =>
    child.once('exit', (code) => reject(new Error(`The client ended with ${code}: ${said.join('')}`))),
  );
  ended.catch(() => {});
  return { child, ended };
}

it('a bundle has nothing that makes JSON schemas, and would say so', () => {
  const code = readFileSync(join(task, 'index.mjs'), 'utf8');
  expect(code).toContain('A function makes no JSON schema.');
  expect(code).not.toContain('Error converting schema to JSON.');
});

it('Amazon’s runtime interface client runs a bundle as it is deployed, on the event that our gateway makes', async () => {
  const headers = { host: 'mall.example', 'accept-language': 'en' };
  const asked = { id: 'request-1', method: 'GET', path: '/openapi.json', query: '', sourceIp: '127.0.0.1', headers };
  const event = baseEvent({ ...asked, body: Buffer.alloc(0) }, 'GET /openapi.json', {}, 'api', 0);
  const api = await runtimeApi({ ...event, isBase64Encoded: false });
  const { child, ended } = startClient(api.address);
  try {
    const { path, text } = await Promise.race([api.answered, ended]);
    expect(path).toBe(`${API}/invocation/invocation-1/response`);
    const reply = replyOf(JSON.parse(text));
    expect([reply.statusCode, reply.headers['content-type']]).toEqual([
      200,
      expect.stringContaining('application/json'),
    ]);
    const described = JSON.parse(reply.body.toString()) as { paths: object };
    const document = JSON.parse(readFileSync(join(root, 'openapi.json'), 'utf8')) as { paths: object };
    expect(Object.keys(described.paths)).toEqual(Object.keys(document.paths));
  } finally {
    child.kill('SIGKILL');
    api.stop();
  }
});
