import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BuildOptions } from 'esbuild';

/** The repository's root, and the folder of the functions. */
export const root = fileURLToPath(new URL('../..', import.meta.url));
export const functionsFolder = join(root, 'functions');

/** CommonJS inside an ES module asks for `require`; the name is long so that minified code never takes it. */
const banner = `import { createRequire as __pm_createRequire } from 'node:module'; const require = __pm_createRequire(import.meta.url);`;

/** How every function is bundled; where from and where to is the caller's. */
export const bundleOptions = {
  outExtension: { '.js': '.mjs' },
  bundle: true,
  minify: true,
  sourcemap: true,
  sourcesContent: false,
  legalComments: 'none',
  platform: 'node',
  target: 'node24',
  format: 'esm',
  mainFields: ['module', 'main'],
  banner: { js: banner },
  // node-fetch brings it for a Node without `URL`: 290 KB that are never run.
  alias: { 'whatwg-url': 'node:url' },
  charset: 'utf8',
  logLevel: 'warning',
} satisfies BuildOptions;
