import { execFile, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Refusal } from './refusal.ts';

const emulator = fileURLToPath(new URL('../../node_modules/amplify-dynamodb-simulator/emulator', import.meta.url));

/** Without a Java of 11 or later nothing else needs to be begun. */
export async function requireJava(): Promise<void> {
  const advice =
    'DynamoDB Local needs Java 11 or later: install it (Debian: apt install default-jre-headless), or name a DynamoDB with --dynamodb.';
  const version = await promisify(execFile)('java', ['-version']).catch(() => undefined);
  if (!version) throw new Refusal(`There is no working java on the PATH. ${advice}`);
  const major = Number(/version "(?:1\.)?(\d+)/.exec(version.stderr + version.stdout)?.[1] ?? 0);
  if (major < 11) throw new Refusal(`The java on the PATH is version ${major}. ${advice}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

export interface DynamoDbLocal {
  endpoint: string;
  /** Kept when the emulator ends, wanted or not. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Dies with us, however we die: a shell beside it reads a pipe that only we hold open, and its end is the end of the
 * emulator. A session of its own, so that Ctrl-C reaches us first.
 */
const launcher = '(read -r _ <&3 || kill $$) & exec "$@" 3<&-';

/**
 * Amazon's own DynamoDB Local on a free port, kept on disk in the folder, or without one in memory. It listens on every
 * interface: it cannot be told otherwise.
 */
export async function startDynamoDbLocal(folder: string | undefined, log: string): Promise<DynamoDbLocal> {
  if (folder !== undefined) mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const jar = ['-Djava.library.path=./DynamoDBLocal_lib', '-jar', 'DynamoDBLocal.jar'];
  const kept = folder === undefined ? ['-inMemory'] : ['-dbPath', folder];
  const options = ['-sharedDb', '-port', String(port), '-disableTelemetry', ...kept];
  const child = spawn('sh', ['-c', launcher, 'sh', 'java', ...jar, ...options], {
    cwd: emulator,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const file = createWriteStream(log, { flags: 'a' });
  child.stdout?.pipe(file, { end: false });
  child.stderr?.pipe(file, { end: false });
  const pipe = child.stdio[3];
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      if (pipe && 'end' in pipe) pipe.end('ended\n');
      file.end();
      resolve();
    });
  });
  child.once('error', () => {});
  return {
    endpoint: `http://127.0.0.1:${port}`,
    ended,
    async stop() {
      child.kill('SIGTERM');
      const impatience = setTimeout(() => child.kill('SIGKILL'), 1_000);
      await ended;
      clearTimeout(impatience);
    },
  };
}
