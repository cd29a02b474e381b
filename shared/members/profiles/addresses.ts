import { Refusal } from '../../errors.ts';
import { seal, unseal } from '../../keyring/sealing.ts';
import { type By, idUnderKey, requestDigest } from '../../platform/ids.ts';
import { exchange, type Outcome } from '../../table/commit.ts';
import type { Write } from '../../table/writes.ts';
import { notErased } from '../store.ts';
import {
  type Address,
  BOOK,
  type Book,
  EMPTY_BOOK,
  joinedBooks,
  replaceAddress,
  withAddress,
  withoutAddress,
} from './rules.ts';
import { findAddresses, removeOne, type StoredAddresses, writeAddresses } from './store.ts';

/** Who gets something, and where. */
export interface ShipTo {
  recipient: string;
  phone: string;
  address: string;
}

const placeOf = (memberId: string): string => `addresses:${memberId}`;

async function bookOf(memberId: string, stored: StoredAddresses | undefined): Promise<Book> {
  return stored ? (JSON.parse(await unseal(stored.sealed, placeOf(memberId))) as Book) : EMPTY_BOOK;
}

function shown({ addressId, recipient, phone, address }: Address, { defaultId }: Book) {
  return { addressId, recipient, phone, address, isDefault: addressId === defaultId };
}

const shownAll = (book: Book) => book.addresses.map((one) => shown(one, book));

function find({ addresses }: Book, addressId: string): Address {
  const found = addresses.find((one) => one.addressId === addressId);
  if (!found) throw new Refusal('members.address_not_found');
  return found;
}

/** The addresses of a member. */
export async function addressesOf(memberId: string) {
  return shownAll(await bookOf(memberId, await findAddresses(memberId)));
}

/** One of a member's addresses, for what is sent there. */
export async function addressOf(memberId: string, addressId: string): Promise<ShipTo> {
  const { recipient, phone, address } = find(await bookOf(memberId, await findAddresses(memberId)), addressId);
  return { recipient, phone, address };
}

/** Changes the book; `change` gives the same book where there is nothing to do. */
async function changeBook(memberId: string, change: (book: Book) => Book): Promise<Outcome<Book>> {
  return exchange(async () => {
    const stored = await findAddresses(memberId);
    const before = await bookOf(memberId, stored);
    const after = change(before);
    if (after === before) return { writes: [], answer: before, replayed: true };
    const sealed = await seal(JSON.stringify(after), placeOf(memberId));
    return { writes: [notErased(memberId), writeAddresses(memberId, stored, sealed)], answer: after };
  });
}

/** Adds an address; the same key again gets the same one, as it is now. */
export async function addAddress(memberId: string, shipTo: ShipTo, by: By) {
  const addressId = await idUnderKey('adr', by.caller, by.route, by.key);
  const request = await requestDigest(shipTo);
  const { answer, replayed } = await changeBook(memberId, (book) => {
    if (book.gone.includes(addressId)) throw new Refusal('members.address_not_found');
    const added = book.addresses.find((one) => one.addressId === addressId);
    if (added && added.request !== request) throw new Refusal('request.key_reused');
    if (added) return book;
    if (book.addresses.length >= BOOK.most) throw new Refusal('members.addresses_full', { most: BOOK.most });
    return withAddress(book, { addressId, ...shipTo, request });
  });
  return { address: shown(find(answer, addressId), answer), replayed };
}

/** Puts another text in the place of an address. */
export async function changeAddress(memberId: string, addressId: string, shipTo: ShipTo) {
  const { answer } = await changeBook(memberId, (book) => {
    const before = find(book, addressId);
    const { recipient, phone, address } = before;
    const isSame = recipient === shipTo.recipient && phone === shipTo.phone && address === shipTo.address;
    return isSame ? book : replaceAddress(book, { ...before, ...shipTo });
  });
  return shown(find(answer, addressId), answer);
}

/** Takes an address away; to take it away again changes nothing. */
export async function removeAddress(memberId: string, addressId: string): Promise<void> {
  await changeBook(memberId, (book) => {
    if (book.gone.includes(addressId)) return book;
    find(book, addressId);
    return withoutAddress(book, addressId);
  });
}

/** Makes an address the one that is taken when none is named. */
export async function makeDefault(memberId: string, addressId: string) {
  const { answer } = await changeBook(memberId, (book) => {
    find(book, addressId);
    return book.defaultId === addressId ? book : { ...book, defaultId: addressId };
  });
  return shownAll(answer);
}

/** The writes by which the addresses of one who was merged are in their heir's book; what finds no room stays where it is. */
export async function inheritAddresses(memberId: string, heirId: string): Promise<Write[]> {
  const [from, into] = await Promise.all([findAddresses(memberId), findAddresses(heirId)]);
  if (!from) return [];
  const [old, own] = await Promise.all([bookOf(memberId, from), bookOf(heirId, into)]);
  const { book, left } = joinedBooks(own, old);
  if (left.addresses.length === old.addresses.length && left.addresses.length > 0) return [];
  const sealed = (of: string, kept: Book) => seal(JSON.stringify(kept), placeOf(of));
  const rest =
    left.addresses.length === 0
      ? removeOne(memberId, 'addresses', from)
      : writeAddresses(memberId, from, await sealed(memberId, left));
  return [rest, ...(book === own ? [] : [writeAddresses(heirId, into, await sealed(heirId, book))])];
}
