import { closeSync, existsSync, fstatSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** What the gateway, a function's sandbox, and a function itself have to say. */
export type Happening =
  | {
      kind: 'request';
      requestId: string;
      method: string;
      path: string;
      routeKey: string;
      status: number;
      ms: number;
      error?: string;
    }
  | {
      kind: 'call';
      function: string;
      invocationId: string;
      /** The request or the event that woke the function. */
      cause?: string;
      /** How long it took to start the sandbox, where this call had to. */
      coldMs?: number;
      ms: number;
      failed?: string;
    }
  | { kind: 'said'; function: string; invocationId: string; text: string };

/** A line of the run's log; `at` is real time, whatever the movable clock says. */
export type Line = Happening & { at: string };

export interface RunLog {
  write(happening: Happening): void;
  close(): void;
}

/** The log is this file and the one before it, and never more. */
const FILES = ['run.1.jsonl', 'run.jsonl'] as const;
const LONGEST_BYTES = 16 * 1_024 * 1_024;

/** The one log of all that runs: a JSON line each, in two files of bounded size in the folder. */
export function openRunLog(
  folder: string,
  { longest = LONGEST_BYTES, told }: { longest?: number; told?: ((line: Line) => void) | undefined } = {},
): RunLog {
  const [before, file] = FILES.map((name) => join(folder, name)) as [string, string];
  let open: number | undefined = openSync(file, 'a');
  let size = fstatSync(open).size;
  return {
    write(happening) {
      if (open === undefined) return;
      const line: Line = { at: new Date().toISOString(), ...happening };
      const text = `${JSON.stringify(line)}\n`;
      if (size + text.length > longest) {
        closeSync(open);
        renameSync(file, before);
        open = openSync(file, 'a');
        size = 0;
      }
      size += writeSync(open, text);
      told?.(line);
    },
    close() {
      if (open !== undefined) closeSync(open);
      open = undefined;
    },
  };
}

function parsed(text: string): Line[] {
  try {
    return [JSON.parse(text) as Line];
  } catch {
    // The last line of a log that is being written may be half a line.
    return [];
  }
}

/** Every line that is still there, oldest first. */
export function readRunLog(folder: string): Line[] {
  return FILES.map((name) => join(folder, name))
    .filter((file) => existsSync(file))
    .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
    .filter((text) => text !== '')
    .flatMap(parsed);
}
