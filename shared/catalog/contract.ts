import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { bilingual, instant, page, pageOf, pricePoints, productId, text } from '../http/fields.ts';

const stock = z
  .int()
  .min(0)
  .max(1_000_000)
  .meta({ examples: [3] });

const status = z.enum(['ON_SHELF', 'OFF_SHELF']);

const description = z.strictObject({ zh: text(2_000), en: text(2_000) });

const product = z
  .object({
    productId,
    name: bilingual,
    description: description.nullable(),
    pricePoints,
    status,
    available: z.int().nonnegative().meta({ description: 'Pieces left' }),
    soldOut: z.boolean(),
    createdAt: instant,
  })
  .meta({ id: 'Product' });

export const catalogContract = contract(
  'catalog',
  { zh: '礼品与库存', en: 'Gifts on the shelf' },
  {
    list: {
      method: 'GET',
      path: '/v1/products',
      auth: 'none',
      summary: { zh: '在架礼品，新上架的在前', en: 'Gifts on the shelf, newest first' },
      query: z.strictObject(page),
      status: 200,
      response: pageOf(product),
      refusals: ['request.cursor_invalid'],
    },
    read: {
      method: 'GET',
      path: '/v1/products/{productId}',
      auth: 'none',
      summary: { zh: '查看礼品', en: 'One gift on the shelf' },
      params: z.strictObject({ productId }),
      status: 200,
      response: product,
      refusals: ['catalog.not_found'],
    },
    create: {
      method: 'POST',
      path: '/v1/products',
      auth: 'staff',
      permission: 'catalog.write',
      summary: { zh: '上架礼品', en: 'Put a gift on the shelf' },
      key: true,
      body: z
        .strictObject({
          name: bilingual,
          description: description.optional(),
          pricePoints,
          stock,
          status: status.optional().meta({ description: 'ON_SHELF when absent' }),
        })
        .meta({ id: 'NewProduct' }),
      status: 201,
      response: product,
      refusals: ['request.key_reused'],
    },
    change: {
      method: 'PATCH',
      path: '/v1/products/{productId}',
      auth: 'staff',
      permission: 'catalog.write',
      summary: { zh: '修改礼品：名称、价格、上下架', en: 'Change a gift: its name, its price, on or off the shelf' },
      params: z.strictObject({ productId }),
      body: z
        .strictObject({
          name: bilingual.optional(),
          description: description.optional(),
          pricePoints: pricePoints.optional(),
          status: status.optional(),
        })
        .refine((body) => Object.keys(body).length > 0, 'names nothing to change')
        .meta({ id: 'ProductChange' }),
      status: 200,
      response: product,
      refusals: ['catalog.not_found'],
    },
  },
);
