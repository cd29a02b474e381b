import { beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../../shared/platform/ids.ts';
import { clock, openMall } from '../../support/mall.ts';
import { allItems, beforeWrite, cancelled, losingReplies, trouble } from '../../support/table.ts';
import { consent, own, told, violations } from './own.ts';

const START = '2026-11-23T04:00:00.000Z';
openMall({ at: START });
beforeEach(() => clock(START));

const NOTHING = {
  nickname: null,
  birthday: null,
  gender: null,
  region: null,
  birthdayChangeableFrom: null,
  avatar: null,
};
const ALL = { nickname: '小茶 👩‍👩‍👧', birthday: '1990-05-04', gender: 'FEMALE', region: '330100' };

async function someone(...purposes: string[]) {
  const memberId = newId('mem');
  for (const purpose of purposes) await consent(memberId, purpose);
  return memberId;
}

const change = (memberId: string, body: object) => own(memberId)('change', { body });
const itemOf = async (memberId: string, sk: string) =>
  (await allItems()).find((item) => item.pk === `MEMBER#${memberId}` && item.sk === sk);

describe('GET|PATCH /v1/me/profile', () => {
  it('200 says nothing of who has said nothing', async () => {
    const { status, body } = await own(await someone())('read');
    expect([status, body]).toEqual([200, NOTHING]);
  });

  it('200 changes what is named, clears what is null and keeps the rest, in one sealed item', async () => {
    const memberId = await someone('PROFILE');
    expect(await change(memberId, ALL)).toMatchObject({
      status: 200,
      body: { ...ALL, birthdayChangeableFrom: '2027-11-23' },
    });
    const { status, body } = await change(memberId, { nickname: null, region: 'CN-ZJ' });
    expect([status, body]).toEqual([
      200,
      { ...NOTHING, ...ALL, nickname: null, region: 'CN-ZJ', birthdayChangeableFrom: '2027-11-23' },
    ]);
    expect((await own(memberId)('read')).body).toEqual(body);
    const item = await itemOf(memberId, 'PROFILE');
    expect(Object.keys(item ?? {}).toSorted()).toEqual([
      'birthdaySetAt',
      'memberId',
      'pk',
      'sealed',
      'sk',
      'type',
      'v',
      'version',
    ]);
    expect(await violations()).toEqual([]);
  });

  it('200 writes nothing where nothing changes', async () => {
    const memberId = await someone();
    await change(memberId, { nickname: 'a' });
    const before = await itemOf(memberId, 'PROFILE');
    expect((await change(memberId, { nickname: 'a', region: null })).status).toBe(200);
    expect((await change(memberId, {})).status).toBe(200);
    expect(await itemOf(memberId, 'PROFILE')).toEqual(before);
  });

  it.each(['birthday', 'gender', 'region'] as const)(
    '409 members.consent_missing for %s without the consent; a nickname needs none',
    async (name) => {
      const memberId = await someone('MARKETING');
      const refused = await change(memberId, { nickname: 'a', [name]: ALL[name] });
      expect([told(refused), refused.body.purpose]).toEqual(['409 members.consent_missing', 'PROFILE']);
      expect(await itemOf(memberId, 'PROFILE')).toBeUndefined();
      expect((await change(memberId, { nickname: 'a', [name]: null })).status).toBe(200);
    },
  );

  it('409 members.birthday_set until a year has passed, and says from when; the same one again is no other', async () => {
    const memberId = await someone('PROFILE');
    await change(memberId, { birthday: '1990-05-04' });
    clock('2027-11-22T15:59:59.999Z');
    const early = await change(memberId, { birthday: '1991-05-04' });
    expect([told(early), early.body.from]).toEqual(['409 members.birthday_set', '2027-11-23']);
    expect((await change(memberId, { birthday: '1990-05-04' })).status).toBe(200);
    clock('2027-11-22T16:00:00.000Z');
    const changed = await change(memberId, { birthday: '1991-05-04' });
    expect(changed.body).toMatchObject({ birthday: '1991-05-04', birthdayChangeableFrom: '2028-11-23' });
  });

  it('409 members.birthday_set for a birthday that was cleared in between', async () => {
    const memberId = await someone('PROFILE');
    await change(memberId, { birthday: '1990-05-04' });
    expect((await change(memberId, { birthday: null })).body).toMatchObject({
      birthday: null,
      birthdayChangeableFrom: '2027-11-23',
    });
    expect(told(await change(memberId, { birthday: '1991-05-04' }))).toBe('409 members.birthday_set');
  });

  it('409 members.birthday_in_future by the days of the programme', async () => {
    const memberId = await someone('PROFILE');
    clock('2026-11-23T15:59:59.999Z');
    expect(told(await change(memberId, { birthday: '2026-11-24' }))).toBe('409 members.birthday_in_future');
    clock('2026-11-23T16:00:00.000Z');
    expect(told(await change(memberId, { birthday: '2026-11-24' }))).toBe('200');
  });

  it.each([
    ['nickname', ''],
    ['nickname', '   '],
    ['nickname', 'x'.repeat(25)],
    ['nickname', 'a\nb'],
    ['nickname', 'a\u202Eb'],
    ['nickname', 'a\u200Fb'],
    ['nickname', 'a\u2067b'],
    ['nickname', 'a\u0007b'],
    ['nickname', '\u200D\u200D'],
    ['nickname', '\u3164'],
    ['nickname', '\u2800'],
    ['nickname', 7],
    ['birthday', '1899-12-31'],
    ['birthday', '2025-02-29'],
    ['birthday', '04.05.1990'],
    ['gender', 'X'],
    ['region', '330106'],
    ['region', '930000'],
    ['region', 'cn-zj'],
    ['region', '杭州'],
    ['phone', '13800138000'],
  ])('400 request.invalid for %s %o', async (name, value) => {
    const { status, body } = await change(await someone('PROFILE'), { [name]: value });
    expect([status, body.code]).toEqual([400, 'request.invalid']);
    const paths = (body.errors as { path: string }[]).map(({ path }) => path);
    expect([...new Set(paths)]).toEqual([name]);
  });

  it('loses none of several changes at once', async () => {
    const memberId = await someone('PROFILE');
    const one = Object.entries(ALL).map(([name, value]) => change(memberId, { [name]: value }));
    expect((await Promise.all(one)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await own(memberId)('read')).body).toMatchObject(ALL);
    expect(await itemOf(memberId, 'PROFILE')).toMatchObject({ version: 4 });
  });

  it('is done once though replies are lost', async () => {
    const memberId = await someone('PROFILE');
    await change(memberId, { nickname: 'before' });
    const lost = losingReplies();
    const answer = await change(memberId, ALL);
    lost.mockRestore();
    expect(answer.body).toMatchObject(ALL);
    expect(await itemOf(memberId, 'PROFILE')).toMatchObject({ version: 2 });
  });

  it('503 request.busy where the item is busy for good', async () => {
    const memberId = await someone();
    const spy = trouble(() => cancelled('TransactionConflict'));
    const answer = await change(memberId, { nickname: 'a' });
    spy.mockRestore();
    expect(told(answer)).toBe('503 request.busy');
  });

  it('does not keep what consent was taken back for while it was being written', async () => {
    const memberId = await someone('PROFILE');
    const spy = beforeWrite(async () => void (await consent(memberId, 'PROFILE', false)));
    const answer = await change(memberId, ALL);
    spy.mockRestore();
    expect(told(answer)).toBe('409 members.consent_missing');
    expect((await own(memberId)('read')).body).toEqual(NOTHING);
  });
});
