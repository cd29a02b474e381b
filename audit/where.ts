import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { requireJava, startDynamoDbLocal } from '../infra/local/dynamodb-local.ts';
import { readSystem } from '../infra/local/system.ts';
import { connection } from '../infra/local/tables.ts';
import type { ArchivePlace } from './archive.ts';
import { CannotTell, type Options } from './options.ts';
import type { Table } from './scan.ts';

/** The zone of every stage unless `infra/stages.ts` says otherwise. */
const ZONE = 'Asia/Shanghai';

/** A table that was found, the instant that it has reached, and in which zone its days are. */
export interface Found extends AsyncDisposable {
  table: Table;
  archive?: ArchivePlace;
  now: number;
  zone: string;
}

const nothing = async (): Promise<void> => {};

/** A data folder that does not run is read from a copy, so that nothing in it is touched. */
async function fromCopy(path: string): Promise<{ endpoint: string; stop: () => Promise<void> }> {
  const stored = join(path, 'dynamodb');
  if (!existsSync(stored))
    throw new CannotTell(`${path} has no dynamodb in it: name the data folder of a mall with --data.`);
  await requireJava();
  const copy = mkdtempSync(join(tmpdir(), 'points-mall-audit-'));
  const remove = (): void => rmSync(copy, { recursive: true, force: true });
  try {
    cpSync(stored, copy, { recursive: true });
    const emulator = await startDynamoDbLocal(copy, join(copy, 'dynamodb.log'));
    const stop = async () => {
      await emulator.stop();
      remove();
    };
    return { endpoint: emulator.endpoint, stop };
  } catch (thrown) {
    remove();
    throw thrown;
  }
}

async function inFolder(folder: string): Promise<Found> {
  const path = resolve(folder);
  const { table, archive: bucket, timeZone: zone, dynamodb, builtIn, isRunning, now } = readSystem(path);
  const { endpoint, stop } = isRunning || !builtIn ? { endpoint: dynamodb, stop: nothing } : await fromCopy(path);
  return {
    table: { name: table, connection: connection(endpoint) },
    ...(bucket !== undefined && { archive: { bucket, folder: path } }),
    now,
    zone,
    [Symbol.asyncDispose]: stop,
  };
}

/** Finds the table that was asked for. */
export async function find({ where, zone = ZONE }: Options): Promise<Found> {
  if ('data' in where) return inFolder(where.data);
  const { table: name, dynamodb, archive: bucket } = where;
  const table = { name, connection: dynamodb === undefined ? {} : connection(dynamodb) };
  const archive = bucket !== undefined && { archive: { bucket } };
  return { table, ...archive, now: Date.now(), zone, [Symbol.asyncDispose]: nothing };
}
