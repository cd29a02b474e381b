import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The endpoint of the one DynamoDB Local that a test run shares: every file makes tables of its own in it. */
    dynamodb: string;
  }
}

const FOLDER = fileURLToPath(new URL('../../node_modules/amplify-dynamodb-simulator/emulator', import.meta.url));
// A small heap, one collector thread, no second compiler: it starts in half the time and leaves the cores to the tests.
const JVM = ['-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Djava.library.path=./DynamoDBLocal_lib'];
const EMULATOR = ['-jar', 'DynamoDBLocal.jar', '-inMemory', '-sharedDb', '-disableTelemetry'];
const PATIENCE_MS = 60_000;
const JAVA_IS_MISSING =
  'The tests need Java 11 or newer for DynamoDB Local: install it (Debian, Ubuntu: apt-get install default-jre-headless).';

/** Starts DynamoDB Local in memory before the first test, says where it listens, and stops it after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const emulator = spawn('java', [...JVM, ...EMULATOR, '-port', String(port)], { cwd: FOLDER, stdio: 'pipe' });
  const ended = endOf(emulator);
  const stop = (): boolean => emulator.kill('SIGKILL');
  process.once('exit', stop);
  const trouble = await troubleAtStart(endpoint, ended);
  if (trouble !== undefined) {
    // Thrown, it would arrive under a page of Vitest's own.
    console.error(trouble);
    process.exit(1);
  }
  project.provide('dynamodb', endpoint);
  return async () => {
    process.off('exit', stop);
    stop();
    await ended;
  };
}

/** A port that nobody holds at this moment. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('This machine gives no TCP port on 127.0.0.1.');
  return address.port;
}

/** Why the process ended, in a sentence; resolves whether it never began, died, or was stopped. */
async function endOf(emulator: ChildProcess): Promise<string> {
  const said: string[] = [];
  emulator.stdout?.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  emulator.stderr?.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  return new Promise((resolve) => {
    emulator.once('error', () => resolve(JAVA_IS_MISSING));
    emulator.once('close', (code) => {
      const last = said.join('').trim();
      const noJava = /UnsupportedClassVersionError|Unable to locate a Java Runtime/.test(last);
      resolve(noJava ? JAVA_IS_MISSING : `DynamoDB Local ended with code ${code}: ${last}`);
    });
  });
}

/** Waits until it listens; otherwise says in a sentence why it does not. */
async function troubleAtStart(endpoint: string, ended: Promise<string>): Promise<string | undefined> {
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    const news = await Promise.race([ended, knock(endpoint)]);
    if (news === 'answers') return undefined;
    if (news !== 'silent') return news;
  }
  return `DynamoDB Local has not answered on ${endpoint} within ${PATIENCE_MS / 1_000} seconds.`;
}

/** Any answer will do: without a signature it is a refusal, and a refusal means that it listens. */
async function knock(endpoint: string): Promise<'answers' | 'silent'> {
  try {
    await fetch(endpoint);
    return 'answers';
  } catch {
    await sleep(50);
    return 'silent';
  }
}
