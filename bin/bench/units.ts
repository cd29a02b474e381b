import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** An item as DynamoDB's requests carry it. */
export type Attributes = Record<string, AttributeValue>;

const utf8 = (text: string): number => Buffer.byteLength(text);

/** Two digits a byte, one byte more for the exponent, and one for a minus sign; zeroes at either end are free. */
function numberSize(text: string): number {
  const digits = text
    .replace(/e.*$/i, '')
    .replaceAll(/[-+.]/g, '')
    .replaceAll(/^0+|0+$/g, '');
  return Math.ceil(digits.length / 2) + 1 + (text.startsWith('-') ? 1 : 0);
}

const total = <T>(all: readonly T[], size: (one: T) => number): number => all.reduce((sum, one) => sum + size(one), 0);

/** The bytes of one value by DynamoDB's rules. */
export function valueSize(value: AttributeValue): number {
  if (value.S !== undefined) return utf8(value.S);
  if (value.N !== undefined) return numberSize(value.N);
  if (value.B !== undefined) return value.B.byteLength;
  if (value.M !== undefined) return 3 + total(Object.entries(value.M), ([name, of]) => 1 + utf8(name) + valueSize(of));
  if (value.L !== undefined) return 3 + total(value.L, (of) => 1 + valueSize(of));
  if (value.SS !== undefined) return total(value.SS, utf8);
  if (value.NS !== undefined) return total(value.NS, numberSize);
  if (value.BS !== undefined) return total(value.BS, (of) => of.byteLength);
  return 1;
}

/** The bytes of an item, names included; 0 for none. */
export function itemSize(item: Attributes | undefined): number {
  return total(Object.entries(item ?? {}), ([name, value]) => utf8(name) + valueSize(value));
}

const kilobytes = (bytes: number, each: number): number => Math.max(1, Math.ceil(bytes / (each * 1_024)));

/** Units of a write that found `before` and left `after`: the larger counts. */
export function writeUnits(before: Attributes | undefined, after: Attributes | undefined): number {
  return kilobytes(Math.max(itemSize(before), itemSize(after)), 1);
}

/** Units of a read of so many bytes. */
export function readUnits(bytes: number, consistent: boolean): number {
  return kilobytes(bytes, 4) * (consistent ? 1 : 0.5);
}

const INDEXES = ['gsi1', 'gsi2'] as const;

function place(item: Attributes | undefined, index: string): string | undefined {
  const [pk, sk] = [item?.[`${index}pk`]?.S, item?.[`${index}sk`]?.S];
  return pk === undefined || sk === undefined ? undefined : JSON.stringify([pk, sk]);
}

function unitsIn(index: string, before: Attributes | undefined, after: Attributes | undefined): number {
  const [from, to] = [place(before, index), place(after, index)];
  if (from === undefined && to === undefined) return 0;
  if (from === undefined) return writeUnits(undefined, after);
  if (to === undefined) return writeUnits(before, undefined);
  if (from !== to) return writeUnits(before, undefined) + writeUnits(undefined, after);
  return JSON.stringify(before) === JSON.stringify(after) ? 0 : writeUnits(before, after);
}

/** Units of what the write does to the sparse indexes: an entry that moves is one taken out and one put in. */
export function indexUnits(before: Attributes | undefined, after: Attributes | undefined): number {
  return total(INDEXES, (index) => unitsIn(index, before, after));
}
