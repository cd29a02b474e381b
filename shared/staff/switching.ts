import { exchange } from '../table/commit.ts';
import { record } from './staff.ts';
import { findSwitches, renewSwitches, type Switches } from './store.ts';

/** A switch as an operator turns it: which, which way, and who does it why. */
export interface Turn {
  name: string;
  to: 'on' | 'off';
  who: string;
  why: string;
}

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
    const act = { clientId: by, act: `switches.${to}`, subject: 'switches', why, before: { off: was }, after: { off } };
    return { writes: [renewSwitches(next, before), await record(act, basis)], answer: off };
  });
  return answer;
}
