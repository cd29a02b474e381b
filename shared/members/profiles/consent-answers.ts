import { Refusal } from '../../errors.ts';
import { type By, requestDigest } from '../../platform/ids.ts';
import { exchange, type Outcome } from '../../table/commit.ts';
import type { Write } from '../../table/writes.ts';
import { notErased } from '../store.ts';
import { dropCampaigns } from './preferences.ts';
import { dropConsented } from './profile.ts';
import { CONSENTS, type Purpose } from './rules.ts';
import { addConsent, findConsents, type Standing, type StoredConsent } from './store.ts';

interface Answer {
  purpose: Purpose;
  /** Of the text that was shown. */
  version: string;
  granted: boolean;
}

/** What goes, in the same transaction, when consent is taken back. */
const DROPPING: Partial<Record<Purpose, (memberId: string, at: number) => Promise<Write>>> = {
  PROFILE: (memberId) => dropConsented(memberId),
  MARKETING: (memberId, at) => dropCampaigns(memberId, at),
};

/** The answer that was given under this key before; one that asked for something else is refused. */
function repeated(recent: readonly StoredConsent[], key: string, request: string): StoredConsent | undefined {
  const before = recent.find((one) => one.key === key);
  if (before && before.request !== request) throw new Refusal('request.key_reused');
  return before;
}

function checkPace(recent: readonly StoredConsent[], at: number): void {
  const oldest = recent[CONSENTS.lookBack - 1];
  const waitMs = oldest ? oldest.at + CONSENTS.withinMs - at : 0;
  if (waitMs > 0) throw new Refusal('members.consents_too_many', { retryAfterSeconds: Math.ceil(waitMs / 1_000) });
}

/** Adds what the member answers behind all that they ever answered; what they have answered already adds nothing. */
export async function answerConsent(memberId: string, asked: Answer, by: By): Promise<Outcome<Answer & Standing>> {
  const { purpose, version, granted } = asked;
  const [key, request] = [await requestDigest(by), await requestDigest(asked)];
  return exchange(async ({ at }) => {
    const recent = await findConsents(memberId, undefined, CONSENTS.lookBack);
    const before = repeated(recent, key, request);
    if (before) return { writes: [], answer: before, replayed: true };
    const [newest] = recent;
    const standing = newest?.standings[purpose];
    if (standing?.version === version && standing.granted === granted)
      return { writes: [], answer: { purpose, ...standing } };
    // What was granted may be taken back at any time.
    const takesBack = standing?.granted === true && !granted;
    if (!takesBack) checkPace(recent, at);
    const given = { version, granted, at };
    const standings = { ...newest?.standings, [purpose]: given };
    const consent = { memberId, seq: (newest?.seq ?? 0) + 1, purpose, ...given, standings, key, request };
    const drop = takesBack ? await DROPPING[purpose]?.(memberId, at) : undefined;
    return { writes: [notErased(memberId), addConsent(consent), ...(drop ? [drop] : [])], answer: consent };
  });
}
