import { Refusal } from '../errors.ts';
import type { Announcement } from '../events.ts';
import type { Bilingual } from '../platform/bilingual.ts';
import { iso } from '../platform/clock.ts';
import { type By, idUnderKey, requestDigest } from '../platform/ids.ts';
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

/** Puts a gift on the shelf: the same product for the same key, however often it is asked. */
export async function create(wish: NewProduct, by: By): Promise<Outcome<ProductView>> {
  const productId = await idUnderKey('prd', by.caller, by.route, by.key);
  const request = await requestDigest(wish);
  const { stock, status = 'ON_SHELF', description, name, pricePoints } = wish;
  const decide = async ({ at }: Basis) => {
    const product: Product = {
      productId,
      name,
      ...(description && { description }),
      pricePoints,
      status,
      createdAt: at,
      changedAt: at,
      version: 1,
      request,
    };
    return { writes: add(product, stock), answer: view(product, stock) };
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

/** Changes a product; orders that were placed keep what they were placed for. */
export async function amend(productId: string, wish: ProductChange): Promise<ProductView> {
  const wanted = Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== undefined));
  const { answer } = await exchange(async ({ at }) => {
    const product = await findProduct(productId);
    if (!product) throw new Refusal('catalog.not_found');
    const next: Product = { ...product, ...wanted, version: product.version + 1, changedAt: at };
    return { writes: [renew(next)], answer: next };
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
