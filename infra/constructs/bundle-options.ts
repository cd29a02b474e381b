import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { BuildOptions, Plugin } from 'esbuild';

/** The repository's root, and the folder of the functions. */
export const root = fileURLToPath(new URL('../..', import.meta.url));
export const functionsFolder = join(root, 'functions');

/** CommonJS inside an ES module asks for `require`; the name is long so that minified code never takes it. */
const banner = `import { createRequire as __pm_createRequire } from 'node:module'; const require = __pm_createRequire(import.meta.url);`;

/**
 * zod hangs on every schema how to make a JSON schema of it: 16 KB that no function runs, for the document is made
 * before. Whoever did call it would be told so.
 */
const withoutJsonSchema: Plugin = {
  name: 'without JSON schema',
  setup(build) {
    build.onLoad(
      { filter: /[\\/]zod[\\/]v4[\\/]core[\\/](to-json-schema|json-schema-processors)\.js$/ },
      ({ path }) => {
        const names = [...readFileSync(path, 'utf8').matchAll(/^export (?:async )?(?:function|const|class) (\w+)/gm)];
        const none = `const none = () => () => { throw new Error('A function makes no JSON schema.'); };`;
        return { contents: [none, ...names.map(([, name]) => `export const ${name} = none;`)].join('\n') };
      },
    );
  },
};

/** The document of the API is half a megabyte and grows with every route: it lies zipped in the one function that shows it. */
const zippedDocument: Plugin = {
  name: 'zipped document',
  setup(build) {
    build.onLoad({ filter: /[\\/]openapi\.json$/ }, ({ path }) => {
      const zipped = gzipSync(JSON.stringify(JSON.parse(readFileSync(path, 'utf8')))).toString('base64');
      const unzipped = `gunzipSync(Buffer.from('${zipped}', 'base64')).toString()`;
      return { contents: `import { gunzipSync } from 'node:zlib';\nexport default JSON.parse(${unzipped});` };
    });
  },
};

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
  plugins: [withoutJsonSchema, zippedDocument],
  // node-fetch brings it for a Node without `URL`: 290 KB that are never run.
  alias: { 'whatwg-url': 'node:url' },
  charset: 'utf8',
  logLevel: 'warning',
} satisfies BuildOptions;
