import * as z from 'zod';
import { contract } from '../http/contract.ts';
import {
  addressId,
  bilingual,
  instant,
  memberId,
  orderId,
  page,
  pageOf,
  points,
  pricePoints,
  productId,
  shipTo,
  text,
} from '../http/fields.ts';
import { mergeRows } from './merges-contract.ts';

const status = z.enum(['PENDING_SHIPMENT', 'IN_TRANSIT', 'RECEIVED', 'CANCELLED']);

const quantity = z.int().min(1).max(99);

const step = z.object({
  status,
  at: instant,
  by: z.enum(['MEMBER', 'STAFF']),
  /** Which staff client did it; not shown to members. */
  clientId: z.string().optional(),
});

const order = z
  .object({
    orderId,
    status,
    product: z.object({ productId, name: bilingual, pricePoints }),
    quantity,
    points: points.meta({ description: 'What it cost' }),
    shipTo: z.object({ recipient: z.string(), phone: z.string(), address: z.string() }).nullable(),
    shipment: z.object({ carrier: z.string(), trackingNumber: z.string() }).nullable(),
    refund: z
      .object({ points: z.int().nonnegative(), lapsed: z.int().nonnegative() })
      .nullable()
      .meta({ description: 'After a cancellation: what went back, and how much of it had lapsed meanwhile' }),
    placedAt: instant,
    timeline: z.array(step).meta({ description: 'Who did what and when, oldest first' }),
  })
  .meta({ id: 'Order' });

const staffOrder = z.object({ ...order.shape, memberId }).meta({ id: 'StaffOrder' });

const params = z.strictObject({ orderId });
const nothing = z.strictObject({}).optional().meta({ description: 'Nothing, or an empty object' });
const moving = ['orders.not_found', 'orders.wrong_status', 'request.key_reused'] as const;

export const ordersContract = contract(
  'orders',
  { zh: '兑换订单', en: 'Redeemed gifts on their way' },
  {
    place: {
      method: 'POST',
      path: '/v1/orders',
      auth: 'member',
      summary: { zh: '积分兑换礼品', en: 'Redeem a gift' },
      key: true,
      body: z
        .strictObject({
          productId,
          quantity: quantity.optional().meta({ description: '1 when absent' }),
          pricePoints: pricePoints
            .optional()
            .meta({ description: 'The price of one piece that the member saw; refused when it is another by now' }),
          shipTo: z
            .union([shipTo, z.strictObject({ addressId })])
            .optional()
            .meta({
              description: "Where to send it, or one of the member's addresses; without it the gift is collected",
            }),
        })
        .meta({ id: 'NewOrder' }),
      status: 201,
      response: order,
      refusals: [
        'members.erased',
        'members.spending_held',
        'catalog.not_found',
        'catalog.off_shelf',
        'catalog.price_changed',
        'catalog.sold_out',
        'members.address_not_found',
        'points.insufficient',
        'points.frozen',
        'points.busy',
        'request.key_reused',
        'mall.switched_off',
      ],
    },
    mine: {
      method: 'GET',
      path: '/v1/me/orders',
      auth: 'member',
      summary: { zh: '我的订单，最新的在前', en: 'My orders, newest first' },
      query: z.strictObject(page),
      status: 200,
      response: pageOf(order),
      refusals: ['request.cursor_invalid'],
    },
    readMine: {
      method: 'GET',
      path: '/v1/me/orders/{orderId}',
      auth: 'member',
      summary: { zh: '我的订单详情', en: 'One of my orders' },
      params,
      status: 200,
      response: order,
      refusals: ['orders.not_found'],
    },
    cancelMine: {
      method: 'POST',
      path: '/v1/me/orders/{orderId}/cancellation',
      auth: 'member',
      summary: { zh: '发货前取消订单，积分退回原批次', en: 'Cancel before shipment: points go back to their lots' },
      key: true,
      params,
      body: nothing,
      status: 200,
      response: order,
      refusals: [...moving, 'points.busy'],
    },
    receive: {
      method: 'POST',
      path: '/v1/me/orders/{orderId}/receipt',
      auth: 'member',
      summary: { zh: '确认收货', en: 'Confirm that it has arrived' },
      key: true,
      params,
      body: nothing,
      status: 200,
      response: order,
      refusals: moving,
    },
    list: {
      method: 'GET',
      path: '/v1/orders',
      auth: 'staff',
      permission: 'orders.read',
      summary: { zh: '按状态列出订单', en: 'Orders in one status, newest first' },
      query: z.strictObject({
        ...page,
        status: status.optional().meta({ description: 'PENDING_SHIPMENT when absent' }),
      }),
      status: 200,
      response: pageOf(staffOrder),
      refusals: ['request.cursor_invalid'],
    },
    read: {
      method: 'GET',
      path: '/v1/orders/{orderId}',
      auth: 'staff',
      permission: 'orders.read',
      summary: { zh: '订单详情', en: 'One order' },
      params,
      status: 200,
      response: staffOrder,
      refusals: ['orders.not_found'],
    },
    ship: {
      method: 'POST',
      path: '/v1/orders/{orderId}/shipment',
      auth: 'staff',
      permission: 'orders.ship',
      summary: { zh: '发货', en: 'Ship an order' },
      key: true,
      params,
      body: z.strictObject({ carrier: text(50), trackingNumber: z.string().regex(/^[0-9A-Za-z-]{1,50}$/) }),
      status: 200,
      response: staffOrder,
      refusals: moving,
    },
    cancel: {
      method: 'POST',
      path: '/v1/orders/{orderId}/cancellation',
      auth: 'staff',
      permission: 'orders.cancel',
      summary: { zh: '商家取消订单', en: 'Cancel an order on behalf of the shop' },
      key: true,
      params,
      body: nothing,
      status: 200,
      response: staffOrder,
      refusals: [...moving, 'points.busy'],
    },
    ...mergeRows,
  },
);
