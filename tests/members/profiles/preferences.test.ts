import { beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../../shared/platform/ids.ts';
import { clock, openMall } from '../../support/mall.ts';
import { allItems, beforeWrite } from '../../support/table.ts';
import { consent, own, told, violations } from './own.ts';

const START = '2026-11-23T04:00:00.000Z';
openMall({ at: START });
beforeEach(() => clock(START));

const every = <T>(one: T) => ({ SMS: one, WECHAT: one, PUSH: one, EMAIL: one });
const WISHES = {
  interests: ['tea', 'cups'],
  channels: { SERVICE: every(true), LAPSE_NOTICES: { ...every(true), SMS: false }, CAMPAIGNS: every(false) },
  quietHours: { from: '22:00', to: '08:00' },
  language: 'en',
};
const never = { SERVICE: every(null), LAPSE_NOTICES: every(null), CAMPAIGNS: every(null) };
const CAMPAIGNS = { ...WISHES, channels: { ...WISHES.channels, CAMPAIGNS: { ...every(false), PUSH: true } } };

const prefer = (memberId: string, body: object) => own(memberId)('prefer', { body });
const someone = () => newId('mem');

describe('GET|PUT /v1/me/preferences', () => {
  it('200 gives what everybody is given: told of what concerns them, and of no campaign', async () => {
    const { status, body } = await own(someone())('preferences');
    expect([status, body]).toEqual([
      200,
      {
        interests: [],
        channels: { SERVICE: every(true), LAPSE_NOTICES: every(true), CAMPAIGNS: every(false) },
        quietHours: null,
        language: 'zh-CN',
        changedAt: { interests: null, quietHours: null, language: null, channels: never },
      },
    ]);
  });

  it('200 takes wishes and says since when each is as it is', async () => {
    const memberId = someone();
    await prefer(memberId, { ...WISHES, interests: ['tea', 'cups', 'tea'] });
    clock('2026-11-24T04:00:00.000Z');
    const { status, body } = await prefer(memberId, { ...WISHES, quietHours: null });
    expect([status, body]).toEqual([
      200,
      {
        ...WISHES,
        quietHours: null,
        changedAt: {
          interests: START,
          quietHours: '2026-11-24T04:00:00.000Z',
          language: START,
          channels: { ...never, LAPSE_NOTICES: { ...every(null), SMS: START } },
        },
      },
    ]);
    expect((await own(memberId)('preferences')).body).toEqual(body);
    expect(await violations()).toEqual([]);
  });

  it('200 writes nothing when they are the member’s already', async () => {
    const memberId = someone();
    await prefer(memberId, WISHES);
    const before = await allItems();
    clock('2026-11-24T04:00:00.000Z');
    expect((await prefer(memberId, WISHES)).status).toBe(200);
    expect(await allItems()).toEqual(before);
  });

  it('409 members.consent_missing for campaigns without the consent, and with it 200', async () => {
    const memberId = someone();
    const refused = await prefer(memberId, CAMPAIGNS);
    expect([told(refused), refused.body.purpose]).toEqual(['409 members.consent_missing', 'MARKETING']);
    await consent(memberId, 'MARKETING');
    expect(told(await prefer(memberId, CAMPAIGNS))).toBe('200');
  });

  it('turns campaigns off when the consent is taken back, and they stay off when it is given again', async () => {
    const memberId = someone();
    await consent(memberId, 'MARKETING');
    await prefer(memberId, CAMPAIGNS);
    clock('2026-11-24T04:00:00.000Z');
    await consent(memberId, 'MARKETING', false);
    await consent(memberId, 'MARKETING');
    const { body } = await own(memberId)('preferences');
    expect(body).toMatchObject({
      ...WISHES,
      changedAt: { channels: { CAMPAIGNS: { PUSH: '2026-11-24T04:00:00.000Z', SMS: null } } },
    });
  });

  it('does not turn campaigns on when the consent is taken back meanwhile, even before anything was wished', async () => {
    const memberId = someone();
    await consent(memberId, 'MARKETING');
    const spy = beforeWrite(async () => void (await consent(memberId, 'MARKETING', false)));
    const answer = await prefer(memberId, CAMPAIGNS);
    spy.mockRestore();
    expect(told(answer)).toBe('409 members.consent_missing');
    expect((await own(memberId)('preferences')).body).toMatchObject({ channels: { CAMPAIGNS: every(false) } });
  });

  it.each([
    [{ interests: Array.from({ length: 21 }, (_, i) => `i${i}`) }, 'interests'],
    [{ interests: ['Tea Time'] }, 'interests.0'],
    [{ quietHours: { from: '24:00', to: '08:00' } }, 'quietHours.from'],
    [{ quietHours: { from: '22:00' } }, 'quietHours.to'],
    [{ language: 'fr' }, 'language'],
    [{ channels: { ...WISHES.channels, SERVICE: { ...every(true), FAX: true } } }, 'channels.SERVICE.FAX'],
    [{ channels: { SERVICE: every(true) } }, 'channels.LAPSE_NOTICES'],
  ])('400 request.invalid for %j', async (wrong, path) => {
    const { status, body } = await prefer(someone(), { ...WISHES, ...wrong });
    expect([status, body.code]).toEqual([400, 'request.invalid']);
    expect(body.errors).toContainEqual(expect.objectContaining({ path }));
  });
});
