import { describe, expect, it } from 'vitest';
import {
  birthdayFrom,
  CATEGORIES,
  CHANNELS,
  changedFacts,
  DEFAULTS,
  EMPTY_BOOK,
  type Facts,
  mayTell,
  newlySet,
  preferring,
  type Wishes,
  withAddress,
  withoutAddress,
  withoutCampaigns,
} from '../../../shared/members/profiles/rules.ts';

const SHANGHAI = 'Asia/Shanghai';
const NEW_YORK = 'America/New_York';

const quiet = (from: string, to: string): Wishes => ({ ...DEFAULTS, quietHours: { from, to } });
const told = (wishes: Wishes, at: string, zone = SHANGHAI) => mayTell(wishes, 'SERVICE', 'SMS', Date.parse(at), zone);

describe('whether a member may be told', () => {
  it('is yes of what concerns them and no of campaigns, before they say anything', () => {
    const at = Date.parse('2026-11-23T04:00:00.000Z');
    for (const channel of CHANNELS) {
      const may = CATEGORIES.map((category) => mayTell(DEFAULTS, category, channel, at, SHANGHAI));
      expect(may, channel).toEqual([true, true, false]);
    }
  });

  it('goes by category and channel', () => {
    const channels = { ...DEFAULTS.channels, CAMPAIGNS: { ...DEFAULTS.channels.CAMPAIGNS, PUSH: true } };
    const wishes = { ...DEFAULTS, channels };
    const at = Date.parse('2026-11-23T04:00:00.000Z');
    expect(CHANNELS.filter((channel) => mayTell(wishes, 'CAMPAIGNS', channel, at, SHANGHAI))).toEqual(['PUSH']);
  });

  it.each([
    // within a day: 12:00 to 14:00 in Shanghai
    ['12:00', '14:00', '2026-11-23T03:59:59.999Z', true],
    ['12:00', '14:00', '2026-11-23T04:00:00.000Z', false],
    ['12:00', '14:00', '2026-11-23T05:59:59.999Z', false],
    ['12:00', '14:00', '2026-11-23T06:00:00.000Z', true],
    // over midnight: 22:00 to 08:00
    ['22:00', '08:00', '2026-11-23T13:59:59.999Z', true],
    ['22:00', '08:00', '2026-11-23T14:00:00.000Z', false],
    ['22:00', '08:00', '2026-11-23T15:59:59.999Z', false],
    ['22:00', '08:00', '2026-11-23T16:00:00.000Z', false],
    ['22:00', '08:00', '2026-11-23T23:59:59.999Z', false],
    ['22:00', '08:00', '2026-11-24T00:00:00.000Z', true],
    // to midnight, and from it
    ['22:00', '00:00', '2026-11-23T15:59:59.999Z', false],
    ['22:00', '00:00', '2026-11-23T16:00:00.000Z', true],
    ['00:00', '08:00', '2026-11-23T15:59:59.999Z', true],
    ['00:00', '08:00', '2026-11-23T16:00:00.000Z', false],
    // the whole day
    ['09:00', '09:00', '2026-11-23T01:00:00.000Z', false],
    ['09:00', '09:00', '2026-11-23T00:59:59.999Z', false],
  ])('keeps quiet from %s to %s: at %s it is %s', (from, to, at, may) => {
    expect(told(quiet(from, to), at)).toBe(may);
  });

  it.each([
    // 8 March 2026: 02:00 to 03:00 is skipped, and 01:59 is followed by 03:00
    ['02:00', '03:00', '2026-03-08T06:59:59.999Z', true],
    ['02:00', '03:00', '2026-03-08T07:00:00.000Z', true],
    ['22:00', '07:00', '2026-03-08T10:59:59.999Z', false],
    ['22:00', '07:00', '2026-03-08T11:00:00.000Z', true],
    // 1 November 2026: 01:00 to 02:00 comes twice, and is quiet both times
    ['01:00', '02:00', '2026-11-01T04:59:59.999Z', true],
    ['01:00', '02:00', '2026-11-01T05:30:00.000Z', false],
    ['01:00', '02:00', '2026-11-01T06:30:00.000Z', false],
    ['01:00', '02:00', '2026-11-01T07:00:00.000Z', true],
  ])('goes by the clocks on the wall where they change: %s to %s, at %s it is %s', (from, to, at, may) => {
    expect(told(quiet(from, to), at, NEW_YORK)).toBe(may);
  });
});

describe('preferences', () => {
  const at = 1_000;

  it('date what is new and nothing else', () => {
    const channels = { ...DEFAULTS.channels, SERVICE: { ...DEFAULTS.channels.SERVICE, SMS: false } };
    const first = preferring(DEFAULTS, { ...DEFAULTS, channels, interests: ['tea'] }, at);
    expect(first.changedAt).toEqual({ interests: 1_000, 'SERVICE.SMS': 1_000 });
    const second = preferring(first, { ...first, language: 'en' }, 2_000);
    expect(second.changedAt).toEqual({ interests: 1_000, 'SERVICE.SMS': 1_000, language: 2_000 });
  });

  it('are the same object where nothing is new', () => {
    expect(preferring(DEFAULTS, { ...DEFAULTS, interests: [] }, at)).toBe(DEFAULTS);
  });

  it('without campaigns keep all else', () => {
    const all = { SMS: true, WECHAT: true, PUSH: true, EMAIL: true };
    const wishes = preferring(DEFAULTS, { ...DEFAULTS, channels: { ...DEFAULTS.channels, CAMPAIGNS: all } }, at);
    expect(withoutCampaigns(wishes).channels).toEqual(DEFAULTS.channels);
  });
});

describe('facts', () => {
  const facts: Facts = { nickname: '小茶', birthday: '1990-05-04' };

  it.each([
    [{}, facts, []],
    [{ nickname: undefined }, facts, []],
    [{ nickname: null }, { birthday: '1990-05-04' }, []],
    [{ gender: 'MALE' as const }, { ...facts, gender: 'MALE' }, ['gender']],
    [
      { birthday: '1991-05-04', region: '330100' },
      { ...facts, birthday: '1991-05-04', region: '330100' },
      ['birthday', 'region'],
    ],
    [{ birthday: '1990-05-04' }, facts, []],
  ])('changed by %o', (change, after, set) => {
    expect(changedFacts(facts, change)).toEqual(after);
    expect(newlySet(facts, changedFacts(facts, change)).toSorted()).toEqual(set);
  });

  it.each([
    ['2026-11-23T15:59:59.999Z', '2027-11-23'],
    ['2026-11-23T16:00:00.000Z', '2027-11-24'],
    ['2024-02-28T16:00:00.000Z', '2025-02-28'],
  ])('take another birthday a year after %s', (at, from) => {
    expect(birthdayFrom(Date.parse(at), SHANGHAI)).toBe(from);
  });
});

describe('an address book', () => {
  const address = (addressId: string) => ({
    addressId,
    recipient: '王',
    phone: '+8613800138000',
    address: 'x',
    request: 'r',
  });
  const three = ['a', 'b', 'c'].map(address).reduce(withAddress, EMPTY_BOOK);

  it('has the first as its default', () => {
    expect(three.defaultId).toBe('a');
  });

  it.each([
    ['a', 'c', ['b', 'c']],
    ['b', 'a', ['a', 'c']],
    ['c', 'a', ['a', 'b']],
  ])('without %s has %s as its default', (gone, defaultId, left) => {
    const book = withoutAddress(three, gone);
    expect([book.defaultId, book.addresses.map((one) => one.addressId), book.gone]).toEqual([defaultId, left, [gone]]);
  });

  it('has none when nothing is left, and remembers the last twenty that were deleted', () => {
    const names = Array.from({ length: 25 }, (_, i) => `a${i}`);
    const full = names.map(address).reduce(withAddress, EMPTY_BOOK);
    const empty = names.reduce(withoutAddress, full);
    expect([empty.defaultId, empty.addresses, empty.gone]).toEqual([undefined, [], names.slice(5)]);
  });
});
