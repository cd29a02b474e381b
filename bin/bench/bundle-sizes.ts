import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { bundleOptions } from '../../infra/constructs/bundle-options.ts';
import { functionNeeds } from '../../infra/constructs/function-needs.ts';
import { functionsFolder, root } from '../../infra/constructs/bundles.ts';

/** A function's minified code, and that of the bare SDK client bundled alike. */
export interface BundleSize {
  name: string;
  bytes: number;
  bareSdkBytes: number;
}

function codeBytes(outputs: readonly { path: string; contents: Uint8Array }[], end: string): number {
  const found = outputs.find(({ path }) => path.endsWith(end));
  if (!found) throw new Error(`esbuild made no ${end}.`);
  return found.contents.byteLength;
}

/** The client and nothing else: what a function that speaks to the table cannot do without. */
function bareSdkBytes(): number {
  const contents = `import { DynamoDBClient } from '@aws-sdk/client-dynamodb';\nexport const client = new DynamoDBClient({});`;
  const { outputFiles } = buildSync({
    absWorkingDir: root,
    stdin: { contents, resolveDir: root },
    outdir: 'bare',
    ...bundleOptions,
    write: false,
  });
  return codeBytes(outputFiles, '.mjs');
}

/** Every function's bundle, as the template makes it. */
export function bundleSizes(): BundleSize[] {
  const entries = Object.keys(functionNeeds).filter((entry) => existsSync(join(functionsFolder, `${entry}.ts`)));
  const { outputFiles } = buildSync({
    absWorkingDir: root,
    entryPoints: entries.map((entry) => ({ in: `functions/${entry}.ts`, out: `${entry}/index` })),
    outdir: 'bench',
    ...bundleOptions,
    write: false,
  });
  const bare = bareSdkBytes();
  return entries.map((name) => ({
    name,
    bytes: codeBytes(outputFiles, `bench/${name}/index.mjs`),
    bareSdkBytes: bare,
  }));
}
