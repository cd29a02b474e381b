import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const SOURCE = new URL('../node_modules/@zxcvbn-ts/language-common/src/passwords.json', import.meta.url);
const TARGET = new URL('../shared/staff/common-passwords.bin', import.meta.url);
const COMMONEST = 10_000;
const LONG = 12;
/** Of each digest so many bytes: among 10,000 a stranger is taken for one of them once in 400,000. */
const BYTES = 4;

/**
 * The digests of the commonest passwords, sorted, as `shared/staff/passwords.ts` reads them: the first 10,000 of the
 * list (MIT, ranked by how often each was found in breaches), and of the rest those that are long enough to be chosen.
 */
function digests(): Buffer {
  const ranked = JSON.parse(readFileSync(SOURCE, 'utf8')) as string[];
  const wanted = ranked.filter((password, rank) => rank < COMMONEST || password.length >= LONG);
  const all = wanted.map((password) => createHash('sha256').update(password.toLowerCase()).digest().subarray(0, BYTES));
  const sorted = all.toSorted((one, other) => Buffer.compare(one, other));
  return Buffer.concat(sorted.filter((one, i) => i === 0 || !one.equals(sorted[i - 1] as Buffer)));
}

const made = digests();
if (process.argv.includes('--write')) writeFileSync(TARGET, made);
else console.log(`${made.length / BYTES} digests, ${made.length} bytes; --write puts them into shared/staff.`);
