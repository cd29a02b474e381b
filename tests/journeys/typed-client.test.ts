import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '../../client/points-mall.ts';
import { runMall } from '../support/running.ts';
import { answered, asForm, type Typed } from '../support/typed.ts';

const held = runMall();
const PHONE = '13500135000';
const keyed = (key: string = randomUUID()) => ({ header: { 'Idempotency-Key': key } });

/** Everything here goes through `client/points-mall.ts`: what the compiler takes is what the mall takes. */
describe('an integrator with the generated client', { shuffle: false }, () => {
  let till: Typed;
  let staff: Typed;
  let member: Typed;
  let memberId = '';
  let productId = '';
  let orderId = '';

  async function tokenOf({ clientId, clientSecret }: { clientId: string; clientSecret: string }): Promise<string> {
    const body = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
    const { access_token } = await answered(
      held.mall.as().POST('/v1/auth/token', {
        body,
        bodySerializer: asForm,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      }),
    );
    return access_token ?? '';
  }

  const buy = (number: string, amountFen: number, key?: string) =>
    till.POST('/v1/purchases', { params: keyed(key), body: { number, amountFen, member: { phone: PHONE } } });

  beforeAll(async () => {
    till = held.mall.as(await tokenOf(held.mall.demo.till));
    staff = held.mall.as(await tokenOf(held.mall.demo.staff));
  });

  it('logs a person in by phone and code', async () => {
    const nobody = held.mall.as();
    const sent = await answered(nobody.POST('/v1/auth/codes', { body: { phone: PHONE } }));
    expect(sent.resendAfterSeconds).toBe(60);
    const inbox = (await (await fetch(`${held.mall.api}/local/inbox`)).json()) as { text: string }[];
    const code = /\d{6}/.exec(inbox[0]?.text ?? '')?.[0] ?? '';
    const session = await answered(nobody.POST('/v1/auth/sessions', { body: { phone: PHONE, code } }));
    member = held.mall.as(session.accessToken);
    memberId = session.memberId;
    expect((await answered(member.GET('/v1/me'))).memberId).toBe(memberId);
  });

  it('reports purchases, and the same one again for the same answer', async () => {
    const first = await buy('T-1', 12_860, 'typed-1');
    const again = await buy('T-1', 12_860, 'typed-1');
    expect(first.data).toMatchObject({ points: 128, memberId });
    expect(again.data).toEqual(first.data);
    expect(again.response.headers.get('idempotency-replayed')).toBe('true');
    await answered(buy('T-2', 10_000));
    const read = till.GET('/v1/purchases/{number}', { params: { path: { number: 'T-2' } } });
    expect((await answered(read)).points).toBe(100);
  });

  it('is told what is wrong in a form of its own', async () => {
    const { error, response } = await buy('T-1', 12_861);
    const problem = error as Problem;
    expect([response.status, problem.code, problem.status]).toEqual([422, 'purchases.number_reused', 422]);
  });

  it('walks a statement page by page', async () => {
    const seen: string[] = [];
    let cursor: string | null | undefined;
    do {
      const query = { limit: 1, ...(cursor && { cursor }) };
      const page = await answered(member.GET('/v1/me/points/entries', { params: { query } }));
      seen.push(...page.items.map(({ reference }) => reference));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(['purchase:T-2', 'purchase:T-1']);
  });

  it('puts a gift on the shelf, redeems, ships and receives it', async () => {
    const body = { name: { zh: '茶杯', en: 'Cup' }, pricePoints: 150, stock: 1 };
    ({ productId } = await answered(staff.POST('/v1/products', { params: keyed(), body })));
    ({ orderId } = await answered(member.POST('/v1/orders', { params: keyed(), body: { productId } })));
    const path = { orderId };
    const parcel = { carrier: 'SF Express', trackingNumber: 'SF1234567890' };
    await answered(staff.POST('/v1/orders/{orderId}/shipment', { params: { path, ...keyed() }, body: parcel }));
    const done = member.POST('/v1/me/orders/{orderId}/receipt', { params: { path, ...keyed() } });
    expect(await answered(done)).toMatchObject({ status: 'RECEIVED', shipment: parcel });
    expect((await answered(member.GET('/v1/me/points'))).available).toBe(78);
  });

  it('reports a return, and the points of it go', async () => {
    const body = { number: 'TR-1', purchase: 'T-2', amountFen: 5_000 };
    const taken = await answered(till.POST('/v1/returns', { params: keyed(), body }));
    expect(taken).toMatchObject({ points: 50, taken: 50, leftFen: 5_000 });
    expect((await answered(member.GET('/v1/me/points'))).available).toBe(28);
  });

  it('sends a file of points, dry', async () => {
    const query = { batch: 'spring', reason: 'Spring festival', dryRun: true };
    const report = await answered(
      staff.POST('/v1/grants', {
        params: { query, ...keyed() },
        body: `phone,points\n${PHONE},10\n`,
        bodySerializer: String,
        headers: { 'content-type': 'text/csv' },
      }),
    );
    expect(report).toMatchObject({ dryRun: true, accepted: 1, refused: 0 });
  });

  it('does not compile with a field that the mall does not know, a path that is none, or a key that is missing', () => {
    // Never called: each line is an error of the compiler, or `npm run check` fails.
    const wrong = [
      // @ts-expect-error `amount` is not a field of a purchase
      () => till.POST('/v1/purchases', { params: keyed(), body: { number: 'x', amount: 1, member: { phone: PHONE } } }),
      // @ts-expect-error there is no such path
      () => till.GET('/v1/purchase'),
      // @ts-expect-error a POST needs its key
      () => till.POST('/v1/orders', { body: { productId } }),
    ];
    expect(wrong).toHaveLength(3);
  });

  it('leaves a table in which the auditor finds nothing broken', async () => {
    expect(await held.mall.violations()).toEqual([]);
  });
});
