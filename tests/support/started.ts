import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, inject } from 'vitest';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Started {
  /** What `npm start` has printed. */
  screen: string;
  api: string;
  /** The data folder: `demo.env` lies in it. */
  data: string;
  /** Presses Ctrl-C, and says how it ended. */
  stop(): Promise<number | null>;
}

async function ready(local: ChildProcess, held: Started): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    local.once('exit', (code) => reject(new Error(`npm start ended with ${code}: ${held.screen}`)));
    local.stdout?.on('data', (chunk: Buffer) => {
      held.screen += chunk.toString();
      if (held.screen.includes('Ctrl-C stops it.')) resolve();
    });
  });
  local.removeAllListeners('exit');
  held.api = /http:\/\/127\.0\.0\.1:\d+/.exec(held.screen)?.[0] ?? '';
}

/** What `npm start` starts, in a process and a folder of its own, as a person would have it the second time. */
export function startLocal(): Started {
  const data = mkdtempSync(join(tmpdir(), 'points-mall-started-'));
  let local: ChildProcess | undefined;
  const held: Started = {
    screen: '',
    api: '',
    data,
    async stop() {
      if (!local || local.exitCode !== null) return local?.exitCode ?? null;
      const ended = new Promise<number | null>((resolve) => local?.once('exit', resolve));
      local.kill('SIGINT');
      return ended;
    },
  };
  beforeAll(async () => {
    cpSync(inject('synthesis'), data, { recursive: true, preserveTimestamps: true });
    local = spawn(process.execPath, ['bin/local.ts', '--port', '0', '--data', data], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await ready(local, held);
  });
  afterAll(async () => {
    await held.stop();
    rmSync(data, { recursive: true, force: true });
  });
  return held;
}
