import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';
import { audit } from '../../audit/audit.ts';
import type { Item } from '../../audit/item.ts';
import { scan } from '../../audit/scan.ts';
import { type Demo, readDemo } from '../../infra/local/demo.ts';
import { type DynamoDbLocal, startDynamoDbLocal } from '../../infra/local/dynamodb-local.ts';
import { arnOf } from '../../infra/local/resource-types.ts';
import { readSystem } from '../../infra/local/system.ts';
import { connection } from '../../infra/local/tables.ts';
import { type Audience, issueToken } from '../../shared/http/tokens.ts';
import { PERMISSIONS, SCOPES } from '../../shared/partners/rules.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { ZONE } from '../support/mall.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DAY_SECONDS = 86_400;

/** The whole local runtime in a process of its own, with a proxy of faults between it and the emulator. */
export interface Ground {
  api: string;
  data: string;
  demo: Demo;
  proxy: FaultProxy;
  /** A token for a day, as the mall signs them: to log thousands in is another test's work. */
  token(audience: Audience, subject: string): Promise<string>;
  /** Megabytes that the runtime's process has in memory. */
  rss(): number;
  /** Lets everything that is under way come to its end, and hands back what became a dead letter; how many are left. */
  drained(): Promise<{ handedBack: number; left: number }>;
  /** Every item, and what the auditor finds broken. */
  books(): Promise<{ items: Item[]; violations: string[] }>;
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('close', (code) => resolve(code)));
}

async function started(child: ChildProcess): Promise<void> {
  let screen = '';
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The runtime ended with ${code}: ${screen}`)));
    child.stdout?.on('data', (chunk: Buffer) => {
      screen += chunk.toString();
      if (screen.includes('Ctrl-C stops it.')) resolve();
    });
  });
}

/** What the functions of the runtime have in their environment, for whoever signs as they do. */
function settle(data: string): void {
  const [key = ''] = Object.keys(JSON.parse(readFileSync(join(data, 'kms.json'), 'utf8')) as Record<string, string>);
  const { doubles, table, dynamodb } = readSystem(data);
  Object.assign(process.env, {
    ISSUER: 'points-mall-production',
    TABLE_NAME: table,
    DATA_KEY: arnOf('kms', `key/${key}`),
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
    AWS_ENDPOINT_URL_KMS: doubles,
  });
}

async function drain(api: string): Promise<void> {
  for (let round = 0; round < 200; round += 1) {
    const answer = await fetch(`${api}/local/drain`, { method: 'POST' });
    const { events } = (await answer.json()) as { events: number };
    if (events === 0) return;
  }
  throw new Error('There is no end of events.');
}

async function lettersAt(api: string): Promise<number> {
  return ((await (await fetch(`${api}/local/dead-letters`)).json()) as object[]).length;
}

export function openGround(): { ground: Ground } {
  const held = {} as { ground: Ground };
  const folder = mkdtempSync(join(tmpdir(), 'points-mall-load-'));
  const data = join(folder, 'data');
  let emulator: DynamoDbLocal;
  let child: ChildProcess;
  let proxy: FaultProxy;

  async function books() {
    const items = await scan({ name: readSystem(data).table, connection: connection(emulator.endpoint) }, () => {});
    const { violations } = audit(items, { at: Date.now(), zone: ZONE });
    return { items, violations: violations.map(({ invariant, key, detail }) => `${invariant} ${key} ${detail}`) };
  }

  async function drained() {
    const { api } = held.ground;
    await drain(api);
    const letters = await lettersAt(api);
    if (letters === 0) return { handedBack: 0, left: 0 };
    const redrive = spawn(process.execPath, ['bin/redrive.ts', '--data', data, '--all'], {
      cwd: ROOT,
      stdio: 'ignore',
    });
    await ended(redrive);
    await drain(api);
    const left = await lettersAt(api);
    return { handedBack: letters - left, left };
  }

  beforeAll(async () => {
    emulator = await startDynamoDbLocal(undefined, join(folder, 'dynamodb.log'));
    proxy = await startFaultProxy(emulator.endpoint);
    // Production's template: in dev the gateway lets no more through than 200 requests a second.
    const args = ['bin/local.ts', '--port', '0', '--stage', 'production', '--data', data, '--dynamodb', proxy.url];
    child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'ignore'] });
    await started(child);
    settle(data);
    const demo = readDemo(data);
    if (!demo?.api) throw new Error('The seed has left no API.');
    const grants = { member: [], partner: SCOPES, staff: PERMISSIONS };
    held.ground = {
      api: demo.api,
      data,
      demo,
      proxy,
      drained,
      books,
      token: (audience, subject) =>
        issueToken({
          audience,
          subject,
          grants: grants[audience],
          ...(audience === 'member' && { sessionId: 'ses_LOAD' }),
          lifetimeSeconds: DAY_SECONDS,
        }),
      rss: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1_024,
    };
  });
  afterAll(async () => {
    child?.removeAllListeners('exit');
    if (child?.exitCode === null) {
      const gone = ended(child);
      child.kill('SIGINT');
      await gone;
    }
    await proxy?.stop();
    await emulator?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return held;
}
