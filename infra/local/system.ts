import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ClockState, clockNow, clockWord } from './clock.ts';
import { type DataFolder, holderOf, writeWhole } from './data-folder.ts';
import { codeOf, Refusal } from './refusal.ts';

const FILE = 'system.json';

/** Where the table of a data folder is found: by others than the runtime, which makes it. */
export interface System {
  table: string;
  /** The bucket of the archive, whose objects lie in the folder. */
  archive?: string | undefined;
  timeZone: string;
  dynamodb: string;
  /** Whether that DynamoDB is the built-in one, which is there only while the runtime is. */
  builtIn: boolean;
  /** Where the doubles of SQS and Lambda answer, and the queues of the template; an older version wrote neither. */
  doubles?: string;
  queues?: readonly string[];
}

/** Writes down, for other tools, what runs here. */
export function writeSystem({ path }: DataFolder, system: System): void {
  writeWhole(join(path, FILE), `${JSON.stringify(system, null, 2)}\n`);
}

function readJson<T>(path: string, name: string): T {
  try {
    return JSON.parse(readFileSync(join(path, name), 'utf8')) as T;
  } catch (thrown) {
    const why = codeOf(thrown) === 'ENOENT' ? `has no ${name}` : `has a ${name} that cannot be read`;
    throw new Refusal(
      `${path} ${why}: it is no data folder in which a mall of this version has run (npm start makes one).`,
    );
  }
}

/** What ran last in this data folder, whether it runs now, and what its movable clock says. */
export function readSystem(path: string): System & { isRunning: boolean; now: number } {
  const { clock } = readJson<{ clock: ClockState }>(path, 'state.json');
  const system = readJson<System>(path, FILE);
  return { ...system, isRunning: holderOf(join(path, 'lock')) !== undefined, now: clockNow(clockWord(clock)) };
}
