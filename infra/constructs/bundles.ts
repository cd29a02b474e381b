import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { build } from 'esbuild';
import { bundleOptions, functionsFolder, root } from './bundle-options.ts';
import { filesBeside, functionNeeds } from './function-needs.ts';

let bundled: string | undefined;

function entries(): string[] {
  return Object.keys(functionNeeds).filter((entry) => existsSync(join(functionsFolder, `${entry}.ts`)));
}

/**
 * Builds every function in one go, so that what they share is parsed once, and puts the files that go beside them. A
 * construct cannot wait, so whoever makes the stacks has this done before.
 */
export async function bundleAll(): Promise<void> {
  const cache = join(root, 'node_modules/.cache/points-mall');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'bundles-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  await build({
    absWorkingDir: root,
    entryPoints: entries().map((entry) => ({ in: `functions/${entry}.ts`, out: `${entry}/index` })),
    outdir: folder,
    ...bundleOptions,
  });
  for (const entry of entries()) {
    for (const file of filesBeside(entry)) copyFileSync(join(root, file), join(folder, entry, basename(file)));
  }
  bundled = folder;
}

/** The code of one function: its own minified ES module, or its plain folder where the context skips bundling. */
export function bundleOf(scope: Construct, entry: string): Code {
  const source = join(functionsFolder, dirname(entry));
  if (!existsSync(join(functionsFolder, `${entry}.ts`))) {
    throw new Error(`functions/${entry}.ts does not exist: write it, or take its contract or needs away.`);
  }
  if (!Stack.of(scope).bundlingRequired) return Code.fromAsset(source);
  if (bundled === undefined) throw new Error('The functions are not bundled yet: await bundleAll() before the stacks.');
  return Code.fromAsset(join(bundled, entry));
}
