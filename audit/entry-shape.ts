import { KINDS } from './entry.ts';
import { bytes, each, type Form, instant, like, number, one, record, text } from './schema.ts';

const SHORT_DAY = /^(\d{8}g?|EVENT)$/;
const CODE = new RegExp(`^(${Object.keys(KINDS).join('|')})$`);
const shortLots = each(SHORT_DAY, number);
const shortDays = each(SHORT_DAY, shortLots);

const entryParts = record({
  'd?': number,
  'l?': shortLots,
  'c?': number,
  'w?': number,
  'o?': number,
  'b?': number,
  'p?': shortDays,
  'y?': text,
  'h?': number,
  'k?': shortLots,
  'f?': shortLots,
  't?': number,
});

const account = record({
  'l?': shortLots,
  'p?': shortDays,
  'h?': each(/^[1-9]\d*$/, number),
  'f?': shortLots,
  'd?': number,
  'z?': one(1),
  t: each(CODE, number),
});

/** What an entry of the ledger has: the short names under which it lies. */
export const entry: Record<string, Form> = {
  k: like(CODE),
  a: number,
  r: text,
  o: instant,
  c: instant,
  f: instant,
  'u?': text,
  'd?': shortLots,
  'p?': entryParts,
  's?': record({ 'l?': shortLots, 'a?': shortDays, 'd?': shortLots }),
  x: account,
  n: bytes,
  h: bytes,
};
