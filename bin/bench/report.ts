import type { BundleSize } from './bundle-sizes.ts';
import { type Operation, patiently } from './measure.ts';
import { equivalents, rounded } from './meter.ts';

/** One operation as it was measured; naive and floor are equivalents. */
export interface Measured {
  name: string;
  writeUnits: number;
  readUnits: number;
  calls: number;
  equivalents: number;
  naive: number;
  floor: number;
  budget: number | null;
}

/** One figure beside another of its kind. */
export interface Ratio {
  name: string;
  ours: number;
  reference: number;
  ratio: number;
  /** The most, or the least, that the ratio may be. */
  atMost?: number;
  atLeast?: number;
  /** The same figures of the naive design. */
  naive?: { ours: number; reference: number; ratio: number };
}

/** All that one run has found. */
export interface Report {
  operations: Measured[];
  bundles: BundleSize[];
  ratios: Ratio[];
  entries: { name: string; bytes: number; units: number }[];
}

/** Does it both ways and counts. */
export async function measure({ name, budget, floor, ours, naive }: Operation): Promise<Measured> {
  const count = await patiently(ours);
  return {
    name,
    writeUnits: rounded(count.writeUnits),
    readUnits: rounded(count.readUnits),
    calls: rounded(count.calls),
    equivalents: equivalents(count),
    naive: equivalents(await patiently(naive)),
    floor,
    budget: budget ?? null,
  };
}

/** A sentence for each budget that does not hold. */
export function broken({ operations, bundles, ratios }: Report): string[] {
  const over = operations.filter(({ equivalents: cost, budget }) => budget !== null && cost > budget);
  const large = bundles.filter(
    ({ bytes, bareSdkBytes, atMost = Number.POSITIVE_INFINITY }) => bytes > atMost * bareSdkBytes,
  );
  const grown = ratios.filter(
    ({ ratio, atMost = Number.POSITIVE_INFINITY, atLeast = 0 }) => ratio > atMost || ratio < atLeast,
  );
  return [
    ...over.map(({ name, equivalents: cost, budget }) => `${name} costs ${cost}; its budget is ${budget}`),
    ...large.map(
      ({ name, bytes, bareSdkBytes, atMost }) =>
        `the bundle of ${name} is ${(bytes / bareSdkBytes).toFixed(2)} × the bare SDK; its budget is ${atMost}`,
    ),
    ...grown.map(
      ({ name, ratio, atMost, atLeast }) =>
        `${name} is ${ratio.toFixed(3)}; it may be ${atMost === undefined ? `no less than ${atLeast}` : `no more than ${atMost}`}`,
    ),
  ];
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const cell = (text: string, column: number) =>
    column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0);
  return rows.map((row) => row.map(cell).join('  ').trimEnd()).join('\n');
}

const text = (value: number | null | undefined, digits = 2) =>
  value === null || value === undefined ? '–' : String(Number(value.toFixed(digits)));

/** The report as people read it. */
export function tables({ operations, bundles, ratios, entries }: Report): string {
  const costs = operations.map((one) => [
    one.name,
    text(one.writeUnits),
    text(one.readUnits),
    text(one.calls),
    text(one.equivalents),
    text(one.budget),
    text(one.naive),
    text(one.floor),
  ]);
  const sizes = bundles.map(({ name, bytes, bareSdkBytes, atMost }) => [
    name,
    text(bytes),
    text(bareSdkBytes),
    (bytes / bareSdkBytes).toFixed(2),
    text(atMost),
  ]);
  const ratioRows = ratios.map(({ name, ours, reference, ratio, atMost, atLeast, naive }) => [
    name,
    text(ours),
    text(reference),
    ratio.toFixed(2),
    atMost === undefined ? `≥ ${text(atLeast)}` : `≤ ${text(atMost)}`,
    text(naive?.ratio),
  ]);
  return [
    'Equivalents are write units + 0.2 × read units, counted by our own meter.',
    aligned([['operation', 'write', 'read', 'calls', 'equivalents', 'budget', 'naive', 'floor'], ...costs]),
    aligned([['bundle', 'bytes', 'bare SDK', 'ratio', 'budget'], ...sizes]),
    aligned([['ratio', 'ours', 'reference', 'ratio', 'budget', 'naive ratio'], ...ratioRows]),
    aligned([
      ['entry', 'bytes', 'write units'],
      ...entries.map(({ name, bytes, units }) => [name, text(bytes), text(units)]),
    ]),
  ].join('\n\n');
}
