import { parseArgs } from 'node:util';

/** What an audit was asked for. */
export interface Options {
  /** Of which instant the table is judged, epoch milliseconds; now when absent. */
  at?: number;
  json: boolean;
  where: Where;
  zone?: string;
}

/** Which table: of a data folder of this machine, or by its name, at an endpoint or in AWS. */
export type Where = { data: string } | { table: string; dynamodb?: string; archive?: string };

/** The audit cannot tell: the message is one sentence that says what to do. */
export class CannotTell extends Error {
  override readonly name = 'CannotTell';
}

export const USAGE =
  'npm run audit -- [--at 2027-01-01T00:00:00+08:00] [--json] [--data .local | --table NAME [--archive BUCKET] [--dynamodb http://127.0.0.1:8000] [--zone Asia/Shanghai]]';
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

function refuse(what: string): never {
  throw new CannotTell(`${what}: say ${USAGE}.`);
}

function parse(args: readonly string[]) {
  try {
    const text = { type: 'string' } as const;
    const options = {
      at: text,
      archive: text,
      json: { type: 'boolean' },
      data: text,
      dynamodb: text,
      table: text,
      zone: text,
    } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (thrown) {
    return refuse(thrown instanceof Error ? (thrown.message.split('. ')[0] ?? '') : String(thrown));
  }
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function instantOf(text: string): number {
  const at = ISO.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) return refuse(`--at ${text} is no instant with its offset`);
  // JavaScript takes 30 February for 2 March.
  const isDay = new Date(`${text.slice(0, 10)}T00:00:00Z`).toISOString().startsWith(text.slice(0, 10));
  return isDay ? at : refuse(`--at ${text} is no instant: there is no such day`);
}

/** The command line; what it does not know it refuses. */
export function readOptions(args: readonly string[]): Options {
  const { at, json = false, data, archive, dynamodb, table, zone } = parse(args);
  if (data !== undefined && (archive ?? dynamodb ?? table ?? zone) !== undefined)
    refuse('--data says where the table is, and so does another');
  if (table === undefined && (archive ?? dynamodb ?? zone) !== undefined)
    refuse('--archive, --dynamodb and --zone need --table');
  if (data === '' || table === '') refuse('an empty name names nothing');
  if (table !== undefined && !/^[\w.-]{3,255}$/.test(table)) refuse(`--table ${table} is no name of a table`);
  if (archive !== undefined && !/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(archive))
    refuse(`--archive ${archive} is no name of a bucket`);
  if (dynamodb !== undefined && !/^https?:\/\/[^/\s]+\/?$/.test(dynamodb))
    refuse(`--dynamodb ${dynamodb} is no address`);
  if (zone !== undefined && !isZone(zone)) refuse(`--zone ${zone} is no time zone`);
  const more = { ...(dynamodb !== undefined && { dynamodb }), ...(archive !== undefined && { archive }) };
  const where = table === undefined ? { data: data ?? '.local' } : { table, ...more };
  return { json, where, ...(at !== undefined && { at: instantOf(at) }), ...(zone !== undefined && { zone }) };
}
