import type { Announcement } from '../events.ts';
import type { Bilingual } from '../platform/bilingual.ts';
import { get, getMany, query } from '../table/client.ts';
import { keys } from '../table/keys.ts';
import { change, put, type Write } from '../table/writes.ts';

export interface Product {
  productId: string;
  name: Bilingual;
  description?: Bilingual;
  pricePoints: number;
  status: 'ON_SHELF' | 'OFF_SHELF';
  /** Epoch milliseconds. */
  createdAt: number;
  changedAt: number;
  /** Counts its changes from 1. */
  version: number;
  /** Digest of the request that made it, for a replay under its key. */
  request: string;
}

/** What is left and what became of the rest: initial + restocked = available + sold − returned. */
export interface Stock {
  productId: string;
  initial: number;
  restocked: number;
  available: number;
  sold: number;
  returned: number;
}

/** Only what is on the shelf is in the index of the shelf. */
function shelfOf({ productId, status, createdAt }: Product) {
  return status === 'ON_SHELF' ? keys.shelf(new Date(createdAt).toISOString(), productId) : {};
}

export function findProduct(productId: string): Promise<Product | undefined> {
  return get<Product>(keys.product(productId));
}

/** A page of the shelf, newest first, older than `before`. */
export function shelf(before: string | undefined, limit: number): Promise<(Product & { gsi1sk: string })[]> {
  return query({ index: 'gsi1', pk: 'SHELF', before, newestFirst: true, limit });
}

/** How many pieces of each product are left. */
export async function piecesLeft(productIds: readonly string[]): Promise<Map<string, number>> {
  const stocks = await getMany<Stock>(productIds.map((productId) => keys.stock(productId)));
  return new Map(stocks.map(({ productId, available }) => [productId, available]));
}

/** The writes that put a new product and its stock there. */
export function add(product: Product, stock: number): Write[] {
  const { productId } = product;
  const pieces: Stock = { productId, initial: stock, restocked: 0, available: stock, sold: 0, returned: 0 };
  return [
    put({ ...keys.product(productId), ...shelfOf(product), type: 'product', v: 1, ...product }, 'request.key_reused'),
    put({ ...keys.stock(productId), type: 'stock', v: 1, ...pieces }, 'request.key_reused'),
  ];
}

/** The write that replaces the product by its next version, unless somebody else changed it first. */
export function renew(product: Product): Write {
  const { productId, version, changedAt, name, description, pricePoints, status } = product;
  const on = shelfOf(product);
  const set = { version, changedAt, name, pricePoints, status, ...(description && { description }), ...on };
  const remove = status === 'ON_SHELF' ? [] : ['gsi1pk', 'gsi1sk'];
  return change(keys.product(productId), { set, remove, when: [['version', '=', version - 1]] }, 'catalog.moved');
}

/** Takes pieces out of stock, if there are so many. */
export function takePieces(productId: string, quantity: number): Write {
  const add = { available: -quantity, sold: quantity };
  return change(keys.stock(productId), { add, when: [['available', '>=', quantity]] }, 'catalog.sold_out');
}

/** Gives pieces back. It happens once because the order's own change, in the same list, does. */
export function returnPieces(productId: string, quantity: number): Write {
  const add = { available: quantity, returned: quantity };
  return change(keys.stock(productId), { add, when: [] }, 'catalog.not_found');
}

/** What a product item that appeared or changed says on the bus. */
export function productAnnouncements(product: Product): Announcement[] {
  const { productId, version, status, pricePoints, changedAt } = product;
  const detail = { productId, version, status, pricePoints };
  return [{ name: 'product.changed', id: `${productId}:${version}`, at: changedAt, detail }];
}
