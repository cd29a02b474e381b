import type { Place } from './house.ts';

/** Domains call leftwards: to a line further up, and in the second line to what stands before them. */
const COLUMNS = [
  ['front-door'],
  ['members', 'auth', 'staff', 'partners', 'programme', 'stores', 'catalog'],
  ['points', 'codes'],
  ['tiers'],
  ['earning'],
  ['orders', 'campaigns', 'community'],
  ['notifications', 'analytics'],
  ['privacy'],
];
const FIRST = COLUMNS[1] ?? [];
const KERNEL = ['http', 'keyring', 'table', 'events', 'platform', 'providers'];
export const PURE = [
  'rules.ts',
  'account.ts',
  'movements.ts',
  'gaining.ts',
  'taking.ts',
  'merging.ts',
  'splitting.ts',
  'expiry.ts',
  'lines.ts',
  'statement.ts',
  'chain.ts',
  'seal.ts',
  'settlement.ts',
];

const inArea = (area: Place['area']) => (place: Place) => place.area === area;
export const [inAudit, inBin, inInfra, inFunctions, inShared] = [
  inArea('audit'),
  inArea('bin'),
  inArea('infra'),
  inArea('functions'),
  inArea('shared'),
];
export const inProduct = (place: Place): boolean => inShared(place) || inFunctions(place);
export const inKernel = (place: Place): boolean => inShared(place) && KERNEL.includes(place.room);
export const inTable = (place: Place): boolean => inShared(place) && place.room === 'table';
export const isPage = (place: Place): boolean => inShared(place) && place.room === '';
export const inDomain = (place: Place): boolean => inShared(place) && !inKernel(place) && !isPage(place);
export const isNamesake = (place: Place): boolean =>
  inDomain(place) && place.path === `shared/${place.room}/${place.room}.ts`;
/** `contract.ts`, or `<what>-contract.ts` beside it: routes of a second function, or what two contracts share. */
export const isContract = (place: Place): boolean => inDomain(place) && /^([a-z]+-)?contract\.ts$/.test(place.name);
export const isStore = (place: Place): boolean => inDomain(place) && place.name === 'store.ts';
export const isPure = (place: Place): boolean => inDomain(place) && PURE.includes(place.name);
/** A namesake, or what was taken out of it because it grew: a file that says what happens. */
export const saysWhatHappens = (place: Place): boolean =>
  inDomain(place) && !isContract(place) && !isStore(place) && !isPure(place);
export const isSameRoom = (one: Place, other: Place): boolean => one.area === other.area && one.room === other.room;

export const columnOf = (room: string): number => COLUMNS.findIndex((rooms) => rooms.includes(room));

export function standsLeftOf(other: Place, place: Place): boolean {
  const [left, right] = [columnOf(other.room), columnOf(place.room)];
  if (left !== right) return left < right;
  return FIRST.includes(place.room) && FIRST.indexOf(other.room) < FIRST.indexOf(place.room);
}
