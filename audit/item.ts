/** A value as DynamoDB gives it. */
export interface Attribute {
  S?: string;
  N?: string;
  B?: Uint8Array;
  BOOL?: boolean;
  NULL?: boolean;
  M?: Record<string, Attribute>;
  L?: Attribute[];
  SS?: string[];
}

/** An item of the table, decoded. */
export interface Item {
  /** `pk/sk`, by which it is named in a report. */
  key: string;
  pk: string;
  sk: string;
  type: string;
  /** All its attributes, keys included. */
  all: Record<string, unknown>;
  /** Where a number is not written as a whole number from 0. */
  odd: string[];
  /** Where something is that none of our items has: a null, a set of anything but texts. */
  strange: string[];
}

type Notes = Pick<Item, 'odd' | 'strange'>;

function decodeRecord(fields: Record<string, Attribute>, path: string, notes: Notes): Record<string, unknown> {
  const decoded: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const name of Object.keys(fields)) {
    decoded[name] = decode(fields[name] ?? {}, path === '' ? name : `${path}.${name}`, notes);
  }
  return decoded;
}

function decode(value: Attribute, path: string, notes: Notes): unknown {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) {
    if (!/^(0|[1-9]\d*)$/.test(value.N)) notes.odd.push(`${path} ${value.N}`);
    return Number(value.N);
  }
  if (value.M !== undefined) return decodeRecord(value.M, path, notes);
  if (value.B !== undefined) return value.B;
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.L !== undefined) return value.L.map((part, i) => decode(part, `${path}.${i}`, notes));
  if (value.SS !== undefined) return new Set(value.SS);
  notes.strange.push(path);
  return undefined;
}

/** The item of what a scan gives. */
export function itemOf(raw: Record<string, Attribute>): Item {
  const notes: Notes = { odd: [], strange: [] };
  const all = decodeRecord(raw, '', notes);
  const text = (name: string) => (typeof all[name] === 'string' ? all[name] : '');
  const [pk, sk] = [text('pk'), text('sk')];
  return { key: `${pk}/${sk}`, pk, sk, type: text('type'), all, ...notes };
}
