import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Refusal } from './refusal.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The context of cdk.json, which the CDK's own CLI would hand over, and the stage. */
function contextOf(stage: string): string {
  const { context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')) as { context: object };
  return JSON.stringify({ ...context, stage });
}

/** What the templates and bundles are made of. */
const SOURCES = ['package-lock.json', 'cdk.json', 'openapi.json', 'bin/app.ts', 'infra', 'functions', 'shared'];

function filesOf(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** A digest of everything that the synthesis reads: while it is the same, so is what comes out. */
function digestOfSources(stage: string): string {
  const hash = createHash('sha256').update(stage);
  for (const file of SOURCES.flatMap((name) => filesOf(join(root, name))).toSorted()) {
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}

async function run(outdir: string, stage: string): Promise<void> {
  const child = spawn(process.execPath, [join(root, 'bin/app.ts')], {
    cwd: root,
    env: { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: contextOf(stage), CDK_VALIDATION: 'false' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const kill = (): void => void child.kill();
  process.once('exit', kill);
  let said = '';
  child.stderr.on('data', (part: Buffer) => (said += part.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  process.off('exit', kill);
  if (code === 0) return;
  throw new Refusal(
    `The app does not synthesize (run npm run synth for the whole story): ${/^\w*Error: .+$/m.exec(said)?.[0] ?? said.trim()}`,
  );
}

/**
 * Synthesizes a stage of the app into `<data>/cdk.out` in a process of its own, as `cdk synth` would, unless nothing that it
 * reads has changed since the last time; gives the folder. CloudFormation's own validation of the templates takes
 * seconds, says nothing about this machine, and stays with `npm run synth`.
 */
export async function synthesize(data: string, stage = 'dev'): Promise<string> {
  const outdir = join(data, 'cdk.out');
  const mark = join(outdir, 'sources.sha256');
  const digest = digestOfSources(stage);
  if (existsSync(mark) && readFileSync(mark, 'utf8') === digest) return outdir;
  rmSync(outdir, { recursive: true, force: true });
  await run(outdir, stage);
  writeFileSync(mark, digest);
  return outdir;
}
