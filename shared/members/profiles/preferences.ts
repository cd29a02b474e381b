import { exchange } from '../../table/commit.ts';
import type { Write } from '../../table/writes.ts';
import { notErased } from '../store.ts';
import { hasAgreed, mustConsent } from './consents.ts';
import { DEFAULTS, type Preferences, preferring, type Wishes, wantsCampaigns, withoutCampaigns } from './rules.ts';
import { findPreferences, removeOne, writePreferences } from './store.ts';

/** What a member would like; what everybody is given, where they have said nothing. */
export async function preferencesOf(memberId: string): Promise<Preferences> {
  return (await findPreferences(memberId)) ?? DEFAULTS;
}

/** Takes these wishes for the member's; what is as it was keeps its instant. */
export async function prefer(memberId: string, wishes: Wishes): Promise<Preferences> {
  const { answer } = await exchange(async ({ at }) => {
    const stored = await findPreferences(memberId);
    const before = stored ?? DEFAULTS;
    const after = preferring(before, wishes, at);
    if (after === before) return { writes: [], answer: after };
    if (wantsCampaigns(after)) await mustConsent(memberId, 'MARKETING');
    return { writes: [notErased(memberId), writePreferences(memberId, stored, after)], answer: after };
  });
  return answer;
}

/** The write by which no campaign reaches the member any more. */
export async function dropCampaigns(memberId: string, at: number): Promise<Write> {
  const stored = await findPreferences(memberId);
  const before = stored ?? DEFAULTS;
  return writePreferences(memberId, stored, preferring(before, withoutCampaigns(before), at));
}

/**
 * The writes by which an heir who has said nothing has the wishes of one who was merged into them; campaigns only where
 * they have agreed to these themselves.
 */
export async function inheritPreferences(memberId: string, heirId: string): Promise<Write[]> {
  const [from, into] = await Promise.all([findPreferences(memberId), findPreferences(heirId)]);
  if (!from) return [];
  const gone = removeOne(memberId, 'preferences', from);
  if (into) return [gone];
  const wishes = (await hasAgreed(heirId, 'MARKETING')) ? from : withoutCampaigns(from);
  return [gone, writePreferences(heirId, undefined, wishes)];
}
