import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { bilingual, currencyCode, day, instant, memberId, page, pageOf, phone, points } from '../http/fields.ts';
import { account, accountQuery, currency, entriesQuery, line, lot, whole } from './account-contract.ts';

const receiver = z
  .union([z.strictObject({ phone }), z.strictObject({ memberId })])
  .meta({ description: 'Another member' });

const transfer = z
  .object({
    transferId: z.string().meta({ examples: ['trf_7QW2E9R4T6Y8P1A3S5D7F9GHJK'] }),
    points: whole,
    currency: z.string(),
    lots: z.array(lot).meta({ description: 'What was given, by last valid day: they keep their days' }),
    balanceAfter: whole.meta({ description: 'What the giver had left' }),
    at: instant,
  })
  .meta({ id: 'Transfer' });

const exchanged = z
  .object({
    exchangeId: z.string().meta({ examples: ['xch_7QW2E9R4T6Y8P1A3S5D7F9GHJK'] }),
    from: z.string(),
    to: z.string(),
    taken: whole.meta({ description: 'What was taken of `from`: only what converts' }),
    given: whole.meta({ description: 'What came of `to`' }),
    lots: z.array(lot).meta({ description: 'What came, by last valid day: never a later one than what was taken had' }),
    balanceAfter: whole.meta({ description: 'What was left of `from`' }),
    at: instant,
  })
  .meta({ id: 'Exchange' });

const notice = z
  .object({
    currency: z.string(),
    amount: whole.meta({ description: 'How much lapses when that day ends, unless it is spent before' }),
    lastDay: day,
    lapsesAt: instant,
    daysLeft: z.int().meta({ description: '30, 7 or 1; fewer when it was told late', examples: [7] }),
    text: bilingual,
    at: instant,
  })
  .meta({ id: 'Notice' });

export const pointsContract = contract(
  'points',
  { zh: '积分账户与流水', en: 'Points accounts and statements' },
  {
    account: {
      method: 'GET',
      path: '/v1/me/points',
      auth: 'member',
      summary: { zh: '我的积分账户', en: 'My points account' },
      query: z.strictObject(accountQuery),
      status: 200,
      response: account,
      refusals: [],
    },
    entries: {
      method: 'GET',
      path: '/v1/me/points/entries',
      auth: 'member',
      summary: { zh: '我的积分流水，最新的在前', en: 'My points statement, newest first' },
      query: z.strictObject(entriesQuery),
      status: 200,
      response: pageOf(line),
      refusals: ['request.cursor_invalid'],
    },
    notices: {
      method: 'GET',
      path: '/v1/me/notices',
      auth: 'member',
      summary: { zh: '我的到期提醒，最新的在前', en: 'What I was told will lapse, newest first' },
      query: z.strictObject(page),
      status: 200,
      response: pageOf(notice),
      refusals: ['request.cursor_invalid'],
    },
    give: {
      method: 'POST',
      path: '/v1/me/transfers',
      auth: 'member',
      summary: { zh: '赠送积分给其他会员', en: 'Give points to another member; final' },
      key: true,
      body: z.strictObject({ to: receiver, points, currency }).meta({ id: 'NewTransfer' }),
      status: 201,
      response: transfer,
      refusals: [
        'mall.switched_off',
        'members.erased',
        'members.spending_held',
        'members.not_found',
        'members.look_ups_too_many',
        'points.to_oneself',
        'points.in_debt',
        'points.frozen',
        'points.insufficient',
        'points.transfer_limit',
        'points.too_many_lots',
        'points.limit',
        'points.too_many_movements',
        'points.busy',
        'request.key_reused',
      ],
    },
    exchange: {
      method: 'POST',
      path: '/v1/me/exchanges',
      auth: 'member',
      summary: { zh: '积分与其他币种互换', en: 'Exchange one currency for another at the rate of the programme' },
      key: true,
      body: z
        .strictObject({
          from: currencyCode,
          to: currencyCode.meta({ examples: ['COINS'] }),
          points: points.meta({ description: 'How much of `from` to exchange; what does not convert stays' }),
        })
        .meta({ id: 'NewExchange' }),
      status: 201,
      response: exchanged,
      refusals: [
        'mall.switched_off',
        'points.exchange_unknown',
        'points.exchange_too_little',
        'points.frozen',
        'points.insufficient',
        'points.too_many_lots',
        'points.limit',
        'points.too_many_movements',
        'points.busy',
        'request.key_reused',
      ],
    },
  },
);
