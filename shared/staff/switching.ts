import { exchange } from '../table/commit.ts';
import { record } from './staff.ts';
import { type AuditRecord, findSwitches, recordsOf, renewSwitches, type Switches } from './store.ts';

/** A switch as an operator turns it: which, which way, and who does it why. */
export interface Turn {
  name: string;
  to: 'on' | 'off';
  who: string;
  why: string;
}

/** The act in the record of a turn: which switch, and which way. */
const actOf = (name: string, to: Turn['to']) => `switches.${to}:${name}`;

/**
 * Switches off or on for everybody, with its record in the same transaction, and says what is off now. What is so
 * already is left alone and not recorded; who turns while another does reads and decides again.
 */
export async function turn({ name, to, who, why }: Turn): Promise<readonly string[]> {
  const { answer } = await exchange(async (basis) => {
    const before = await findSwitches();
    const was = [...(before?.off ?? [])].toSorted();
    if (was.includes(name) === (to === 'off')) return { writes: [], answer: was };
    const off = to === 'off' ? [...was, name].toSorted() : was.filter((one) => one !== name);
    const by = `operator:${who}`;
    const next: Switches = {
      ...(off.length > 0 && { off: new Set(off) }),
      why,
      by,
      at: basis.at,
      version: (before?.version ?? 0) + 1,
    };
    const act = { clientId: by, act: actOf(name, to), subject: 'switches', why, before: { off: was }, after: { off } };
    return { writes: [renewSwitches(next, before), await record(act, basis)], answer: off };
  });
  return answer;
}

/** A switch that is off, and the turn that did it; a turn of an older version says not which switch it turned. */
export interface Off {
  name: string;
  by?: string;
  at?: number;
  why?: string;
}

const PAGE = 100;

/** What is off, by whom, since when and why. Reads the records of turns back to the last of each. */
export async function listOff(): Promise<Off[]> {
  const found = new Map<string, Off>();
  for (const name of (await findSwitches())?.off ?? []) found.set(actOf(name, 'off'), { name });
  const missing = new Set(found.keys());
  let before: string | undefined;
  while (missing.size > 0) {
    const page: (AuditRecord & { gsi1sk: string })[] = await recordsOf('switches', before, PAGE);
    for (const { act, clientId: by, at, why } of page) {
      const off = found.get(act);
      if (off && missing.delete(act)) Object.assign(off, { by, at, why });
    }
    if (page.length < PAGE) break;
    before = page.at(-1)?.gsi1sk;
  }
  return [...found.values()].toSorted((one, other) => one.name.localeCompare(other.name));
}
