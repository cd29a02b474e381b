import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startImport } from '../../bin/import/run.ts';
import { idOf } from '../../shared/members/members.ts';
import { createClient } from '../../shared/partners/partners.ts';
import { available } from '../../shared/points/account.ts';
import { balanceAsOf, POINTS } from '../../shared/points/points.ts';
import type { Worked } from './real-purchases.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Files {
  purchases: string;
  returns: string;
}

export interface Importer {
  clientId: string;
  clientSecret: string;
}

/** A client that may report history. */
export async function newImporter(clientId = 'importer'): Promise<Importer> {
  const grants = ['purchases:write', 'purchases:backfill'] as const;
  return {
    clientId,
    ...(await createClient({ clientId, kind: 'partner', name: 'Importer', grants, requestsPerMinute: 600_000 })),
  };
}

/** Imports within this process; answers the tally. */
export async function imports(files: Files, api: string, importer: Importer, concurrency = 8) {
  const options = { ...files, concurrency, zone: 'Asia/Shanghai', access: { api, ...importer } };
  const { tally, done } = startImport(options, { write: () => true });
  await done;
  return tally;
}

export interface Command {
  child: ChildProcess;
  ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
}

/** Starts the command itself, as `npm run import` does. */
export function startCommand(args: readonly string[], importer: Importer): Command {
  const { PATH } = process.env;
  const env = { PATH, IMPORTER_ID: importer.clientId, IMPORTER_SECRET: importer.clientSecret };
  const child = spawn(process.execPath, ['bin/import.ts', ...args], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
  return { child, ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, ...said }))) };
}

/** What the mall itself says a customer has as of an instant. */
export async function pointsOf(customer: string, at: string): Promise<Worked> {
  const memberId = await idOf({ externalId: customer });
  if (memberId === undefined) return { available: 0, debt: 0, issued: 0, clawedBack: 0 };
  const { account } = await balanceAsOf({ memberId, currency: POINTS }, Date.parse(at));
  const { EARN = 0, CLAWBACK = 0 } = account.totals;
  return { available: available(account), debt: account.debt, issued: EARN, clawedBack: CLAWBACK };
}
