import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { ClockState } from './clock.ts';
import { codeOf, messageOf, Refusal } from './refusal.ts';

export interface DeadLetter {
  id: string;
  queue: string;
  at: string;
  body: unknown;
}

export interface Message {
  to: string;
  channel: 'sms';
  template: string;
  text: string;
  at: string;
  params: string[];
}

/** What the runtime remembers from one start to the next; the table itself is the emulator's. */
export interface State {
  clock: ClockState;
  /** Schedules are served up to here, in epoch milliseconds. */
  servedUntil?: number;
  /** The clock when the newest write arrived from the table's stream. */
  newestWriteAt?: number;
  /** For each function and each stream that it follows, the last sequence number of each shard that was delivered. */
  checkpoints: Record<string, Record<string, Record<string, string>>>;
  deadLetters: DeadLetter[];
  inbox: Message[];
  seeded?: true;
}

export interface DataFolder {
  path: string;
  state: State;
  save(): void;
  unlock(): void;
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return codeOf(thrown) === 'EPERM';
  }
}

/** Folder by folder: Node's own recursion never ends where the system says that a parent is not there (/proc). */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

function prepare(path: string): void {
  try {
    makeFolder(path);
    if (!statSync(path).isDirectory()) throw new Refusal(`${path} is not a folder: name another with --data.`);
    accessSync(path, constants.W_OK | constants.X_OK);
  } catch (thrown) {
    if (thrown instanceof Refusal) throw thrown;
    throw new Refusal(
      `${path} cannot be written (${codeOf(thrown) ?? messageOf(thrown)}): name another folder with --data.`,
    );
  }
}

/** Begins anew, in a folder that is ours or in which nothing of ours would be somebody else's. */
function clear(path: string): void {
  const present = ownNames.filter((name) => existsSync(join(path, name)));
  if (present.length > 0 && !present.includes(MARK)) {
    throw new Refusal(
      `${path} has a ${present[0]} and no ${MARK}, so it is not a data folder of this mall and --fresh deletes nothing: name another with --data.`,
    );
  }
  for (const name of present) rmSync(join(path, name), { recursive: true, force: true });
}

/** By this file a folder is known as ours. */
const MARK = 'state.json';

/** What the runtime keeps in the folder; `--fresh` removes these and nothing else. */
const ownNames = [
  'cdk.out',
  'dynamodb',
  'logs',
  'watch',
  's3',
  MARK,
  'secrets.json',
  'kms.json',
  'parameters.json',
  'system.json',
  'demo.json',
  'demo.env',
];

/** Whose lock this is, if somebody alive other than us holds it. */
export function holderOf(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return pid !== process.pid && pid > 0 && alive(pid) ? pid : undefined;
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
}

/** Only one runtime at a time: a lock whose process is gone is nobody's, and of two who come at once one gets it. */
function lock(path: string): () => void {
  const file = join(path, 'lock');
  const holder = holderOf(file);
  if (holder !== undefined) {
    throw new Refusal(
      `Process ${holder} already runs on ${path}: stop it, or name another folder with --data (if it is not ours, remove ${file}).`,
    );
  }
  rmSync(file, { force: true });
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
  } catch (thrown) {
    if (codeOf(thrown) !== 'EEXIST') throw thrown;
    throw new Refusal(`Another process is just starting on ${path}: name another folder with --data.`);
  }
  const unlock = (): void => rmSync(file, { force: true });
  process.once('exit', unlock);
  return () => {
    process.off('exit', unlock);
    unlock();
  };
}

function readState(file: string): State {
  const empty: State = { clock: { offset: 0 }, checkpoints: {}, deadLetters: [], inbox: [] };
  try {
    const state = JSON.parse(readFileSync(file, 'utf8')) as State;
    if (typeof state.clock !== 'object') throw new SyntaxError('no clock');
    return { ...empty, ...state };
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return empty;
    throw new Refusal(`${file} cannot be read: start with --fresh to begin anew, or put a good copy back.`);
  }
}

/** Writes beside the file and renames, so that a crash leaves the old or the new, never half. */
export function writeWhole(file: string, text: string, mode = 0o644): void {
  writeFileSync(`${file}.new`, text, { mode });
  renameSync(`${file}.new`, file);
}

/** The folder that holds everything of one local mall, locked for this process. */
export function openDataFolder(folder: string, fresh = false): DataFolder {
  const path = resolve(folder);
  prepare(path);
  const unlock = lock(path);
  try {
    if (fresh) clear(path);
    const file = join(path, MARK);
    const state = readState(file);
    const save = () => writeWhole(file, JSON.stringify(state));
    save();
    return { path, state, unlock, save };
  } catch (thrown) {
    unlock();
    throw thrown;
  }
}
