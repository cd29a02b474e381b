import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Refusal } from './refusal.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The context of cdk.json, which the CDK's own CLI would hand over. */
function context(): string {
  const { context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')) as { context: object };
  return JSON.stringify(context);
}

/**
 * Synthesizes the app into `<data>/cdk.out` in a process of its own, as `cdk synth` would; gives the folder. CloudFormation's own
 * validation of the templates takes seconds, says nothing about this machine, and stays with `npm run synth`.
 */
export async function synthesize(data: string): Promise<string> {
  const outdir = join(data, 'cdk.out');
  rmSync(outdir, { recursive: true, force: true });
  const child = spawn(process.execPath, [join(root, 'bin/app.ts')], {
    cwd: root,
    env: { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: context(), CDK_VALIDATION: 'false' },
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
  if (code === 0) return outdir;
  throw new Refusal(
    `The app does not synthesize (run npm run synth for the whole story): ${/^\w*Error: .+$/m.exec(said)?.[0] ?? said.trim()}`,
  );
}
