import { readFileSync, writeFileSync } from 'node:fs';
import { openApiDocument } from '../infra/openapi.ts';

const FILE = new URL('../openapi.json', import.meta.url);
const document = `${JSON.stringify(openApiDocument(), null, 2)}\n`;

/** Prints the OpenAPI document; `--write` renews the committed one, `--check` says whether that one is up to date. */
if (process.argv.includes('--write')) {
  writeFileSync(FILE, document);
} else if (process.argv.includes('--check')) {
  if (readFileSync(FILE, 'utf8') !== document) {
    console.error('openapi.json is not what the contracts say: run `npm run openapi -- --write` and commit it.');
    process.exitCode = 1;
  }
} else {
  process.stdout.write(document);
}
