import { addMonths, type Day, dayOf, minuteOfDay } from '../../platform/calendar-day.ts';

/** What a member is asked to agree to, each by itself. */
export const PURPOSES = ['PRIVACY_POLICY', 'PROFILE', 'LOCATION', 'MARKETING', 'SUBSCRIBE_MESSAGES', 'STEPS'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** So many answers can be looked back on to tell a repeat: no more are taken within a day. */
export const CONSENTS = { lookBack: 50, withinMs: 86_400_000 } as const;

/** What a member says of themself. */
export interface Facts {
  nickname?: string;
  birthday?: Day;
  gender?: 'FEMALE' | 'MALE' | 'UNSPECIFIED';
  region?: string;
}

/** A field that is null is cleared, one that is absent stays. */
export type FactsChange = { [Name in keyof Facts]?: Facts[Name] | null };

/** The facts that are only kept for who has agreed to PROFILE. */
export const CONSENTED = ['birthday', 'gender', 'region'] as const;

/** The facts after a change. */
export function changedFacts(facts: Facts, change: FactsChange): Facts {
  const named = Object.entries(change).filter(([, value]) => value !== undefined);
  const all = Object.entries({ ...facts, ...Object.fromEntries(named) }).filter(([, value]) => value !== null);
  return Object.fromEntries(all);
}

/** The names of the facts that a change sets to something else than they are; what is cleared is not set. */
export function newlySet(before: Facts, after: Facts): (keyof Facts)[] {
  return (Object.keys(after) as (keyof Facts)[]).filter((name) => after[name] !== before[name]);
}

/** From which day another birthday is taken: a year after the last one was set, so that it is no second birthday gift. */
export function birthdayFrom(setAt: number, zone: string): Day {
  return addMonths(dayOf(setAt, zone), 12);
}

/** Of what a member is told, and by which ways. */
export const CATEGORIES = ['SERVICE', 'LAPSE_NOTICES', 'CAMPAIGNS'] as const;
export const CHANNELS = ['SMS', 'WECHAT', 'PUSH', 'EMAIL'] as const;
export type Category = (typeof CATEGORIES)[number];
export type Channel = (typeof CHANNELS)[number];

/** What a member would like. Quiet hours are `HH:MM` by the programme's clocks. */
export interface Wishes {
  interests: readonly string[];
  channels: Record<Category, Record<Channel, boolean>>;
  quietHours: { from: string; to: string } | null;
  language: 'zh-CN' | 'en';
}

/** Their wishes, and since when each is as it is, by the names of `wishNames`; what is absent was never changed. */
export interface Preferences extends Wishes {
  changedAt: Record<string, number>;
}

const every = (on: boolean): Record<Channel, boolean> => ({ SMS: on, WECHAT: on, PUSH: on, EMAIL: on });

/** Before anything is said: one is told of what concerns one, and of no campaign. */
export const DEFAULTS: Preferences = {
  interests: [],
  channels: { SERVICE: every(true), LAPSE_NOTICES: every(true), CAMPAIGNS: every(false) },
  quietHours: null,
  language: 'zh-CN',
  changedAt: {},
};

/** The name under which it is kept since when a channel is on or off. */
export const switchName = (category: Category, channel: Channel): string => `${category}.${channel}`;

/** Each wish under a name of its own, as text. */
function named({ interests, channels, quietHours, language }: Wishes): Record<string, string> {
  const switches = CATEGORIES.flatMap((category) =>
    CHANNELS.map((channel): [string, string] => [switchName(category, channel), String(channels[category][channel])]),
  );
  const quiet = quietHours ? `${quietHours.from}-${quietHours.to}` : '';
  return { interests: interests.join(' '), quietHours: quiet, language, ...Object.fromEntries(switches) };
}

/** The preferences once these are the wishes; the same object where nothing is new. */
export function preferring(before: Preferences, wishes: Wishes, at: number): Preferences {
  const [was, is] = [named(before), named(wishes)];
  const fresh = Object.keys(is).filter((name) => is[name] !== was[name]);
  if (fresh.length === 0) return before;
  return { ...wishes, changedAt: { ...before.changedAt, ...Object.fromEntries(fresh.map((name) => [name, at])) } };
}

/** Whether anything of a campaign is wished for. */
export function wantsCampaigns({ channels }: Wishes): boolean {
  return CHANNELS.some((channel) => channels.CAMPAIGNS[channel]);
}

/** The wishes without any campaign. */
export function withoutCampaigns(wishes: Preferences): Preferences {
  return { ...wishes, channels: { ...wishes.channels, CAMPAIGNS: every(false) } };
}

const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** Whether it is quiet at this instant; hours that end before they begin pass midnight. */
function isQuiet({ quietHours }: Wishes, at: number, zone: string): boolean {
  if (!quietHours) return false;
  const [from, to] = [minutes(quietHours.from), minutes(quietHours.to)];
  const minute = minuteOfDay(at, zone);
  return from < to ? minute >= from && minute < to : minute >= from || minute < to;
}

/** Whether a member may be told of this, in this way, at this instant. */
export function mayTell(wishes: Wishes, category: Category, channel: Channel, at: number, zone: string): boolean {
  return wishes.channels[category][channel] && !isQuiet(wishes, at, zone);
}

/** How many addresses a book has at most, and how many that were deleted it remembers. */
export const BOOK = { most: 20, gone: 20 } as const;

export interface Address {
  addressId: string;
  recipient: string;
  phone: string;
  address: string;
  /** A digest of what it was added with: a repeat is told from a reuse of its key. */
  request: string;
}

/** The addresses of a member in the order in which they were added; one is the default as long as there is any. */
export interface Book {
  addresses: readonly Address[];
  defaultId?: string;
  /** Those that were deleted last, so that a late repeat brings none of them back. */
  gone: readonly string[];
}

export const EMPTY_BOOK: Book = { addresses: [], gone: [] };

export function withAddress(book: Book, added: Address): Book {
  return { defaultId: added.addressId, ...book, addresses: [...book.addresses, added] };
}

export function replaceAddress(book: Book, changed: Address): Book {
  const addresses = book.addresses.map((one) => (one.addressId === changed.addressId ? changed : one));
  return { ...book, addresses };
}

/** Without this address; where it was the default, the one that was added last is. */
export function withoutAddress({ addresses, defaultId, gone }: Book, addressId: string): Book {
  const left = addresses.filter((one) => one.addressId !== addressId);
  const next = defaultId === addressId ? left.at(-1)?.addressId : defaultId;
  return {
    addresses: left,
    gone: [...gone, addressId].slice(-BOOK.gone),
    ...(next !== undefined && { defaultId: next }),
  };
}

/** A book with all of another one that it has not and has room for, and what of that one finds no room. */
export function joinedBooks(book: Book, more: Book): { book: Book; left: Book } {
  const isThere = ({ recipient, phone, address }: Address) =>
    book.addresses.some((one) => one.recipient === recipient && one.phone === phone && one.address === address);
  const fresh = more.addresses.filter((one) => !isThere(one));
  const room = Math.max(0, BOOK.most - book.addresses.length);
  const added = fresh.slice(0, room);
  const left = { addresses: fresh.slice(room), gone: more.gone };
  if (added.length === 0) return { book, left };
  const wished = added.find(({ addressId }) => addressId === more.defaultId) ?? added[0];
  return { book: { defaultId: wished?.addressId, ...book, addresses: [...book.addresses, ...added] }, left };
}

/**
 * What of the facts of one who was merged their heir takes over: where they have said nothing themselves, and what is
 * kept by consent only where they have given it. A birthday that was cleared is not set again by the way.
 */
export function inheritedFacts(
  own: Facts,
  old: Facts,
  heir: { agrees: boolean; birthdaySetAt?: number | undefined },
): Facts {
  const taken = Object.entries(old).filter(([name]) => {
    const isFree = own[name as keyof Facts] === undefined;
    const isAllowed = heir.agrees || !CONSENTED.some((one) => one === name);
    return isFree && isAllowed && !(name === 'birthday' && heir.birthdaySetAt !== undefined);
  });
  return { ...own, ...Object.fromEntries(taken) };
}

/** Where the picture of a member lies in the store: one object, so that none is ever left behind. */
export const avatarKey = (memberId: string): string => `avatars/${memberId}`;

/** The kinds of picture, by the name that their bytes give away. */
export const PICTURES = { jpg: 'image/jpeg', png: 'image/png', webp: 'image/webp' } as const;
export const AVATAR = { maxBytes: 2 * 1024 * 1024, maxPixels: 4_096, formSeconds: 600, linkSeconds: 600 } as const;
