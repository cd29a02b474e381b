import { randomInt, randomUUID } from 'node:crypto';
import type { Ground } from './ground.ts';
import { type Answer, persist, type Sent } from './sending.ts';

export type Kind = 'purchase' | 'balance' | 'gifts' | 'order' | 'return' | 'statement';

/** Of a hundred requests. */
const SHARES: Record<Kind, number> = { purchase: 30, balance: 25, gifts: 10, order: 15, return: 10, statement: 10 };
const HUNDRED = Object.entries(SHARES).flatMap(([kind, share]) => Array<Kind>(share).fill(kind as Kind));

/** A member, and what of theirs was acknowledged. */
export interface Member {
  memberId: string;
  token: string;
  purchases: string[];
}

/** A write that was answered 2xx: it must be found afterwards under this key of the table. */
export interface Acknowledged {
  pk: string;
  /** The field that tells that it is the very thing, and its value. */
  field: string;
  value: string;
}

/** What there is to ask for, and what has been promised. */
export interface Crowd {
  members: Member[];
  till: string;
  gift: string;
  acknowledged: Acknowledged[];
}

/** One request of the mix, ready to be sent as often as it takes, always the same. */
export interface Request {
  kind: Kind;
  sent: Sent;
  isWrite: boolean;
  /** Remembers what was promised. */
  acknowledge(answer: Answer): void;
}

const json = (token: string, path: string, body: object): Sent => ({
  method: 'POST',
  path,
  token,
  key: randomUUID(),
  body,
});

const WRITES: Record<string, (crowd: Crowd, member: Member) => Omit<Request, 'kind' | 'isWrite'>> = {
  purchase({ till, acknowledged }, { memberId, purchases }) {
    const number = `L-${randomUUID()}`;
    return {
      sent: json(till, '/v1/purchases', { number, amountFen: 10_000, member: { memberId } }),
      acknowledge({ body }) {
        acknowledged.push({ pk: `PURCHASE#${number}`, field: 'purchaseId', value: String(body['purchaseId']) });
        purchases.push(number);
      },
    };
  },
  order({ gift, acknowledged }, { token }) {
    return {
      sent: json(token, '/v1/orders', { productId: gift }),
      acknowledge({ body }) {
        const orderId = String(body['orderId']);
        acknowledged.push({ pk: `ORDER#${orderId}`, field: 'orderId', value: orderId });
      },
    };
  },
  return({ till, acknowledged }, { purchases }) {
    const number = `R-${randomUUID()}`;
    const purchase = purchases[randomInt(purchases.length)];
    return {
      sent: json(till, '/v1/returns', { number, purchase, amountFen: 100 }),
      acknowledge({ body }) {
        acknowledged.push({ pk: `RETURN#${number}`, field: 'returnId', value: String(body['returnId']) });
      },
    };
  },
};

const READS: Record<string, string> = {
  balance: '/v1/me/points',
  gifts: '/v1/products',
  statement: '/v1/me/points/entries',
};

export function requestOf(crowd: Crowd, member: Member, kind = HUNDRED[randomInt(100)] as Kind): Request {
  const write = WRITES[kind]?.(crowd, member);
  if (write) return { kind, isWrite: true, ...write };
  const path = READS[kind] ?? '';
  return { kind, isWrite: false, sent: { method: 'GET', path, token: member.token }, acknowledge: () => {} };
}

/** So many come at the same time. */
const AT_ONCE = 8;

/** Members with points and a purchase each, and a gift of which there is enough for everybody. */
export async function gather(ground: Ground, count: number): Promise<Crowd> {
  const { api, token } = ground;
  const staff = await token('staff', 'load-staff');
  const wish = { kind: 'partner', name: 'Load', grants: ['purchases:write'], requestsPerMinute: 600_000 };
  const client = await persist(api, json(staff, '/v1/clients', wish));
  const till = await token('partner', String(client.body['clientId']));
  const name = { zh: '书签', en: 'Bookmark' };
  const made = await persist(api, json(staff, '/v1/products', { name, pricePoints: 1, stock: 1_000_000 }));
  const crowd: Crowd = { members: [], till, gift: String(made.body['productId']), acknowledged: [] };
  const join = async (i: number): Promise<void> => {
    const number = `S-${randomUUID()}`;
    const bought = await persist(
      api,
      json(till, '/v1/purchases', { number, amountFen: 1_000_000, member: { externalId: `load-${i}` } }),
    );
    const memberId = String(bought.body['memberId']);
    crowd.members.push({ memberId, token: await token('member', memberId), purchases: [number] });
  };
  for (let i = 0; i < count; i += AT_ONCE)
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - i) }, (_, nth) => join(i + nth)));
  return crowd;
}
