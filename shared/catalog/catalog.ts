import { Refusal } from '../errors.ts';
import type { Announcement } from '../events.ts';
import type { Bilingual } from '../platform/bilingual.ts';
import { iso } from '../platform/clock.ts';
import { digest } from '../platform/digest.ts';
import { type By, idUnderKey, requestDigest } from '../platform/ids.ts';
import { record } from '../staff/staff.ts';
import { type Basis, exchange, type Outcome } from '../table/commit.ts';
import {
  add,
  findProduct,
  type Product,
  piecesLeft,
  productAnnouncements,
  renew,
  returnPieces,
  shelf,
  takePieces,
} from './store.ts';

export type { Product };
export { returnPieces as giveBack, takePieces as take };

/** A product with what is left of it, as it may be shown. */
export function view(product: Product, available: number) {
  const { productId, name, description = null, pricePoints, status, createdAt } = product;
  return {
    productId,
    name,
    description,
    pricePoints,
    status,
    available,
    soldOut: available === 0,
    createdAt: iso(createdAt),
  };
}

export type ProductView = ReturnType<typeof view>;

async function viewNow(product: Product): Promise<ProductView> {
  return view(product, (await piecesLeft([product.productId])).get(product.productId) ?? 0);
}

export interface NewProduct {
  name: Bilingual;
  description?: Bilingual | undefined;
  pricePoints: number;
  stock: number;
  status?: Product['status'] | undefined;
}

/** What staff decide about a product, as their records seal it. */
function contentOf({ name, description, pricePoints, status, version }: Product) {
  return { name, description, pricePoints, status, version };
}

/** Puts a gift on the shelf: the same product for the same key, however often it is asked. */
export async function create(wish: NewProduct, by: By): Promise<Outcome<ProductView>> {
  const productId = await idUnderKey('prd', by.caller, by.route, by.key);
  const request = await requestDigest(wish);
  const { stock, status = 'ON_SHELF', description, name, pricePoints } = wish;
  const decide = async (basis: Basis) => {
    const product: Product = {
      productId,
      name,
      ...(description && { description }),
      pricePoints,
      status,
      createdAt: basis.at,
      changedAt: basis.at,
      version: 1,
      request,
    };
    const after = { ...contentOf(product), stock };
    const told = await record({ clientId: by.caller, act: 'catalog.create', subject: productId, after }, basis);
    return { writes: [...add(product, stock), told], answer: view(product, stock) };
  };
  return exchange(decide, async () => {
    const made = await findProduct(productId);
    if (made && made.request !== request) throw new Refusal('request.key_reused');
    return made && viewNow(made);
  });
}

export interface ProductChange {
  name?: Bilingual | undefined;
  description?: Bilingual | undefined;
  pricePoints?: number | undefined;
  status?: Product['status'] | undefined;
}

/**
 * Changes a product; orders that were placed keep what they were placed for. A change to what it says already writes
 * nothing.
 */
export async function amend(productId: string, wish: ProductChange, clientId: string): Promise<ProductView> {
  const wanted = Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== undefined));
  const { answer } = await exchange(async (basis) => {
    const product = await findProduct(productId);
    if (!product) throw new Refusal('catalog.not_found');
    const before = contentOf(product);
    if (digest({ ...before, ...wanted }) === digest(before)) return { writes: [], answer: product };
    const next: Product = { ...product, ...wanted, version: product.version + 1, changedAt: basis.at };
    const act = { clientId, act: 'catalog.change', subject: productId, before, after: contentOf(next) };
    return { writes: [renew(next), await record(act, basis)], answer: next };
  });
  return viewNow(answer);
}

/** A product that can be redeemed now. */
export async function onShelf(productId: string): Promise<Product> {
  const product = await findProduct(productId);
  if (!product) throw new Refusal('catalog.not_found');
  if (product.status !== 'ON_SHELF') throw new Refusal('catalog.off_shelf');
  return product;
}

/** A product that members can see; what is off the shelf is not there for them. */
export async function seen(productId: string): Promise<ProductView> {
  const product = await findProduct(productId);
  if (product?.status !== 'ON_SHELF') throw new Refusal('catalog.not_found');
  return viewNow(product);
}

/** A page of the shelf, newest first, and where the next one begins. */
export async function listShelf(before: string | undefined, limit: number) {
  const found = await shelf(before, limit + 1);
  const page = found.slice(0, limit);
  const left = page.length > 0 ? await piecesLeft(page.map(({ productId }) => productId)) : new Map<string, number>();
  const items = page.map((product) => view(product, left.get(product.productId) ?? 0));
  return { items, next: found.length > limit ? page.at(-1)?.gsi1sk : undefined };
}

/** What a product item that appeared or changed says on the bus. */
export function announce(item: unknown): Announcement[] {
  return productAnnouncements(item as Product);
}
