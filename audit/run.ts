import { setTimeout as sleep } from 'node:timers/promises';
import { readArchive } from './archive.ts';
import { audit } from './audit.ts';
import { confirmed, INVARIANTS, type Invariant, type Verdict } from './findings.ts';
import { CannotTell, type Options, readOptions, USAGE } from './options.ts';
import { scan } from './scan.ts';
import { type Found, find } from './where.ts';

const CLEAN = 0;
const BROKEN = 1;
const CANNOT_TELL = 2;

/** A second look comes so much later: what was only under way at the first has come to rest by then. */
const SECOND_LOOK_MS = 2_000;
const PATIENCE_MS = 15_000;
const SHOWN = 20;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** A line that says how far it is, on a terminal; nothing where output goes into a file. */
function progress(): { seen(items: number): void; done(): void } {
  const since = performance.now();
  if (!process.stderr.isTTY) return { seen() {}, done() {} };
  return {
    seen(items) {
      const seconds = (performance.now() - since) / 1_000;
      process.stderr.write(`\r  ${items} items, ${Math.round(items / Math.max(seconds, 0.001))} a second \u001b[K`);
    },
    done: () => void process.stderr.write('\r\u001b[K'),
  };
}

/** An emulator that has just been started does not listen at once. */
async function whenListening<T>(work: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await work();
    } catch (thrown) {
      const isSilent = /ECONNREFUSED|ECONNRESET|socket hang up/.test(
        `${String(thrown)} ${String((thrown as { code?: unknown }).code)}`,
      );
      if (!isSilent || performance.now() > deadline) throw thrown;
      await sleep(200);
    }
  }
}

async function judge({ table, archive, now, zone }: Found, { at = now }: Options): Promise<Verdict> {
  const bar = progress();
  // The archive first: what it has must be in the table by then, while the table may have what is on its way there.
  const look = async () => {
    const archived = archive && (await readArchive(archive));
    return audit(await whenListening(() => scan(table, bar.seen)), { at, zone }, archived);
  };
  const first = await look();
  if (first.violations.length === 0) {
    bar.done();
    return first;
  }
  await sleep(SECOND_LOOK_MS);
  const second = await look();
  bar.done();
  return { checked: second.checked, violations: confirmed(second.violations, first.violations) };
}

function report({ checked, violations }: Verdict, at: number): void {
  say(`${checked} items, as of ${new Date(at).toISOString()}`);
  if (violations.length === 0) {
    say('Nothing is broken.');
    return;
  }
  const broken = Map.groupBy(violations, ({ invariant }) => invariant);
  for (const invariant of Object.keys(INVARIANTS) as Invariant[]) {
    const found = broken.get(invariant);
    if (!found) continue;
    say(`\n${invariant}: ${INVARIANTS[invariant]} · ${found.length} broken`);
    for (const { key, detail } of found.slice(0, SHOWN)) say(`  ${key}\n    ${detail}`);
    if (found.length > SHOWN) say(`  … and ${found.length - SHOWN} more (--json says all)`);
  }
}

function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  if (['CannotTell', 'Refusal'].includes(thrown.name)) return thrown.message;
  return `The table cannot be read (${thrown.name}: ${thrown.message || String((thrown as { code?: unknown }).code)}): check --table, --dynamodb or --data, and the region and credentials of AWS.`;
}

/** `npm run audit`: says what is broken, and by its exit code whether anything is. */
export async function run(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    say(USAGE);
    return CLEAN;
  }
  try {
    const options = readOptions(args);
    await using found = await find(options);
    const verdict = await judge(found, options);
    if (verdict.checked === 0) throw new CannotTell('The table is empty, and of an empty table nothing can be said.');
    if (options.json) say(JSON.stringify(verdict));
    else report(verdict, options.at ?? found.now);
    return verdict.violations.length === 0 ? CLEAN : BROKEN;
  } catch (thrown) {
    process.stderr.write(`${reasonOf(thrown)}\n`);
    return CANNOT_TELL;
  }
}
