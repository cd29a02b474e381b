import { beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../../shared/platform/ids.ts';
import { clock, openMall } from '../../support/mall.ts';
import { allItems, losingReplies } from '../../support/table.ts';
import { consent, own, told, violations } from './own.ts';

const START = '2026-11-23T04:00:00.000Z';
openMall({ at: START });
const after = (ms: number) => clock(new Date(Date.parse(START) + ms).toISOString());
beforeEach(() => clock(START));

const PURPOSES = ['PRIVACY_POLICY', 'PROFILE', 'LOCATION', 'MARKETING', 'SUBSCRIBE_MESSAGES', 'STEPS'];
const someone = () => newId('mem');
const answersOf = async (memberId: string) => (await allItems()).filter(({ pk }) => pk === `CONSENTS#${memberId}`);
const standing = async (memberId: string, purpose: string) => {
  const { current } = (await own(memberId)('consents')).body as { current: { purpose: string }[] };
  return current.find((one) => one.purpose === purpose);
};

describe('GET /v1/me/consents', () => {
  it('200 has every purpose, not granted before it was answered', async () => {
    const { status, body } = await own(someone())('consents');
    const current = PURPOSES.map((purpose) => ({ purpose, granted: false, version: null, at: null }));
    expect([status, body]).toEqual([200, { current, items: [], nextCursor: null }]);
  });

  it('200 has every answer, newest first, in pages; 400 request.cursor_invalid for another member’s cursor', async () => {
    const memberId = someone();
    for (const [i, purpose] of PURPOSES.entries()) {
      after(i);
      await consent(memberId, purpose);
    }
    const page = async (cursor?: string) =>
      (await own(memberId)('consents', { query: { limit: '4', ...(cursor && { cursor }) } })).body as {
        items: { purpose: string }[];
        current: unknown[];
        nextCursor: string | null;
      };
    const first = await page();
    const second = await page(first.nextCursor ?? '');
    expect([...first.items, ...second.items].map(({ purpose }) => purpose)).toEqual(PURPOSES.toReversed());
    expect([second.nextCursor, second.current]).toEqual([null, first.current]);
    const foreign = await own(someone())('consents', { query: { cursor: first.nextCursor ?? '' } });
    expect(told(foreign)).toBe('400 request.cursor_invalid');
  });
});

describe('POST /v1/me/consents', () => {
  it('200 adds an answer; nothing that was answered before is changed', async () => {
    const memberId = someone();
    const { status, body } = await consent(memberId, 'PROFILE');
    expect([status, body]).toEqual([200, { purpose: 'PROFILE', version: '2026-11', granted: true, at: START }]);
    const before = await answersOf(memberId);
    after(1);
    await consent(memberId, 'PROFILE', false);
    await consent(memberId, 'MARKETING');
    expect(await answersOf(memberId)).toEqual(expect.arrayContaining(before));
    expect(await answersOf(memberId)).toHaveLength(3);
    expect(await standing(memberId, 'PROFILE')).toMatchObject({ granted: false, at: '2026-11-23T04:00:00.001Z' });
    expect(await standing(memberId, 'MARKETING')).toMatchObject({ granted: true });
    expect(await violations()).toEqual([]);
  });

  it('200 and writes nothing for the same answer again; another version of the text is another answer', async () => {
    const memberId = someone();
    const first = await consent(memberId, 'STEPS');
    after(1);
    expect((await consent(memberId, 'STEPS')).body).toEqual(first.body);
    expect(await answersOf(memberId)).toHaveLength(1);
    const body = { purpose: 'STEPS', version: '2026-12', granted: true };
    expect((await own(memberId)('consent', { body })).body.at).toBe('2026-11-23T04:00:00.001Z');
    expect(await answersOf(memberId)).toHaveLength(2);
  });

  it('200 to a late repeat is its own answer again: what was taken back is not given again; another body is 422 request.key_reused', async () => {
    const memberId = someone();
    const given = await consent(memberId, 'LOCATION', true, { key: 'k' });
    await consent(memberId, 'LOCATION', false);
    const again = await consent(memberId, 'LOCATION', true, { key: 'k' });
    expect([again.body, again.headers['idempotency-replayed']]).toEqual([given.body, 'true']);
    expect(await standing(memberId, 'LOCATION')).toMatchObject({ granted: false });
    expect(told(await consent(memberId, 'STEPS', true, { key: 'k' }))).toBe('422 request.key_reused');
  });

  it('loses none of six that come at once, and takes one of six that are the same', async () => {
    const [memberId, other] = [someone(), someone()];
    await Promise.all(PURPOSES.map((purpose) => consent(memberId, purpose)));
    expect(await answersOf(memberId)).toHaveLength(6);
    for (const purpose of PURPOSES) expect(await standing(memberId, purpose)).toMatchObject({ granted: true });
    await Promise.all(PURPOSES.map(() => consent(other, 'PROFILE')));
    expect(await answersOf(other)).toHaveLength(1);
  });

  it('is done once though replies are lost, with what it takes away', async () => {
    const memberId = someone();
    const lost = losingReplies();
    await consent(memberId, 'PROFILE');
    await own(memberId)('change', { body: { nickname: 'a', birthday: '1990-05-04', region: '330100' } });
    const withdrawn = await consent(memberId, 'PROFILE', false);
    lost.mockRestore();
    expect(withdrawn).toMatchObject({ status: 200, body: { granted: false } });
    expect(await answersOf(memberId)).toHaveLength(2);
    const { body } = await own(memberId)('read');
    expect(body).toMatchObject({ nickname: 'a', birthday: null, region: null, birthdayChangeableFrom: '2027-11-23' });
  });

  it('forgets birthday, gender and region when PROFILE is taken back, and takes them again when it is given', async () => {
    const memberId = someone();
    await consent(memberId, 'PROFILE');
    await own(memberId)('change', { body: { gender: 'MALE', region: '330100' } });
    await consent(memberId, 'PROFILE', false);
    expect((await own(memberId)('read')).body).toMatchObject({ gender: null, region: null });
    const item = (await allItems()).find(({ pk, sk }) => pk === `MEMBER#${memberId}` && sk === 'PROFILE');
    expect(item).not.toHaveProperty('sealed');
    expect(told(await own(memberId)('change', { body: { gender: 'MALE' } }))).toBe('409 members.consent_missing');
    await consent(memberId, 'PROFILE');
    expect(told(await own(memberId)('change', { body: { gender: 'MALE' } }))).toBe('200');
    expect(await violations()).toEqual([]);
  });

  it('429 members.consents_too_many for the 51st within a day, says until when; what is granted is taken back at any time', async () => {
    const memberId = someone();
    await consent(memberId, 'PROFILE');
    for (let i = 0; i < 49; i += 1) {
      after(60_000 + i);
      await consent(memberId, 'STEPS', i % 2 === 0);
    }
    const refused = await consent(memberId, 'LOCATION');
    const wait = Number(refused.headers['retry-after']);
    expect([told(refused), wait]).toEqual(['429 members.consents_too_many', 86_340]);
    for (const purpose of ['STEPS', 'PROFILE']) expect(told(await consent(memberId, purpose, false))).toBe('200');
    expect(told(await consent(memberId, 'STEPS', false))).toBe('200');
    expect(told(await consent(memberId, 'STEPS'))).toBe('429 members.consents_too_many');
    after(86_400_000 + 61_000);
    expect(told(await consent(memberId, 'LOCATION'))).toBe('200');
  });

  it.each([
    [{ purpose: 'ALL', version: '1', granted: true }, 'purpose'],
    [{ purpose: 'STEPS', version: 'a b', granted: true }, 'version'],
    [{ purpose: 'STEPS', version: '1' }, 'granted'],
  ])('400 request.invalid for %j', async (body, path) => {
    const answer = await own(someone())('consent', { body });
    expect([told(answer), answer.body.errors]).toEqual(['400 request.invalid', [expect.objectContaining({ path })]]);
  });
});
