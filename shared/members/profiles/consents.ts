import { Refusal } from '../../errors.ts';
import { PURPOSES, type Purpose } from './rules.ts';
import { findConsents, type Standing, type StoredConsent } from './store.ts';

async function standingsOf(memberId: string): Promise<StoredConsent['standings']> {
  const [newest] = await findConsents(memberId, undefined, 1);
  return newest?.standings ?? {};
}

/** Whether the member has agreed to this. */
export async function hasAgreed(memberId: string, purpose: Purpose): Promise<boolean> {
  return (await standingsOf(memberId))[purpose]?.granted ?? false;
}

/**
 * Refuses where the member has not agreed to this. Ask after reading what is going to be written: taking consent back
 * writes there, too, so whoever comes second reads and decides again.
 */
export async function mustConsent(memberId: string, purpose: Purpose): Promise<void> {
  if (!(await hasAgreed(memberId, purpose))) throw new Refusal('members.consent_missing', { purpose });
}

interface Page {
  current: { purpose: Purpose; standing: Standing | undefined }[];
  answers: StoredConsent[];
  /** Where the next page begins; undefined on the last one. */
  next: string | undefined;
}

/** Where every purpose stands, and a page of the answers, newest first. */
export async function consentsOf(memberId: string, before: string | undefined, limit: number): Promise<Page> {
  const [standings, found] = await Promise.all([standingsOf(memberId), findConsents(memberId, before, limit + 1)]);
  return {
    current: PURPOSES.map((purpose) => ({ purpose, standing: standings[purpose] })),
    answers: found.slice(0, limit),
    next: found.length > limit ? found[limit - 1]?.sk : undefined,
  };
}
