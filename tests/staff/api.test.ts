import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { catalogContract } from '../../shared/catalog/contract.ts';
import { contracts } from '../../shared/contracts.ts';
import { ordersContract } from '../../shared/orders/contract.ts';
import { digest } from '../../shared/platform/digest.ts';
import { programmeContract } from '../../shared/programme/contract.ts';
import { initialPolicy } from '../../shared/programme/initial-policy.ts';
import { staffContract } from '../../shared/staff/contract.ts';
import { asMember, asStaff, call } from '../support/call.ts';
import { clock, openMall } from '../support/mall.ts';
import { gift, memberWith } from '../support/people.ts';
import { recordsHold, recordsOf, strangers, type Told, told } from '../support/staff.ts';
import { losingReplies } from '../support/table.ts';

const START = '2026-11-23T04:00:00.000Z';
openMall({ at: START });
afterEach(() => {
  vi.restoreAllMocks();
  clock(START);
});

const staff = asStaff('catalog.write', 'orders.ship', 'orders.cancel', 'programme.write', 'programme.write_alone');
const someStaff = () => ({ ...staff, id: `staff-${randomUUID().slice(0, 8)}` });
const wish = { name: { zh: '茶杯', en: 'Cup' }, pricePoints: 100, stock: 3 };
const content = { name: wish.name, pricePoints: 100, status: 'ON_SHELF', version: 1 };
const audit = (query: Record<string, string>) => call(staffContract, 'audit', { as: asStaff('audit.read'), query });
const change = (productId: string, body: object, as = staff) =>
  call(catalogContract, 'change', { as, params: { productId }, body });

async function order(): Promise<string> {
  const body = { productId: await gift() };
  return (await call(ordersContract, 'place', { as: asMember(await memberWith(100)), body })).body.orderId as string;
}

describe('the record of what staff do', () => {
  it('201 says who put which gift on the shelf, once for a key', async () => {
    const as = someStaff();
    const key = randomUUID();
    const first = await call(catalogContract, 'create', { as, body: wish, key });
    await call(catalogContract, 'create', { as, body: wish, key });
    const productId = first.body.productId as string;
    expect(await recordsOf(productId)).toEqual([
      {
        clientId: `client:${as.id}`,
        seq: 1,
        at: START,
        act: 'catalog.create',
        subject: productId,
        why: null,
        before: null,
        after: digest({ ...content, stock: 3 }),
        approval: null,
        from: expect.stringMatching(/^203\.0\.\d+\.0\/24$/),
        requestId: expect.any(String) as string,
        hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      },
    ]);
  });

  it('200 says what a change changed, and nothing of one that changes nothing', async () => {
    const productId = (await call(catalogContract, 'create', { as: staff, body: wish })).body.productId as string;
    const as = someStaff();
    clock('2026-11-23T05:00:00.000Z');
    for (let i = 0; i < 2; i += 1) {
      expect((await change(productId, { pricePoints: 120 }, as)).body.pricePoints).toBe(120);
    }
    const [changed, created, ...more] = await recordsOf(productId);
    expect(changed).toMatchObject({ clientId: `client:${as.id}`, seq: 1, act: 'catalog.change' });
    expect(changed).toMatchObject({
      before: digest(content),
      after: digest({ ...content, pricePoints: 120, version: 2 }),
    });
    expect([created?.act, more]).toEqual(['catalog.create', []]);
  });

  it('200 says who shipped and who cancelled; a repeat and what a member does write none', async () => {
    const [shipped, cancelled] = [await order(), await order()];
    const body = { carrier: 'SF', trackingNumber: 'SF1' };
    for (let i = 0; i < 2; i += 1) {
      await call(ordersContract, 'ship', { as: staff, params: { orderId: shipped }, body });
      await call(ordersContract, 'cancel', { as: staff, params: { orderId: cancelled } });
    }
    const acts = async (subject: string) => (await recordsOf(subject)).map(({ act }) => act);
    expect([await acts(shipped), await acts(cancelled)]).toEqual([['orders.ship'], ['orders.cancel']]);
    const [ship] = await recordsOf(shipped);
    expect(ship?.before).toBe(digest({ status: 'PENDING_SHIPMENT', version: 1 }));
    expect(ship?.after).toBe(digest({ status: 'IN_TRANSIT', version: 2, shipment: body }));
    const own = await order();
    const as = asMember('mem_NOBODY');
    await call(ordersContract, 'cancelMine', { as, params: { orderId: own } });
    expect(await acts(own)).toEqual([]);
  });

  it('200 says who replaced the rules, and what they were', async () => {
    const as = someStaff();
    const replace = (body: object) => call(programmeContract, 'replace', { as, body });
    await replace(initialPolicy);
    const { body } = await replace({ ...initialPolicy, returnsUntilDays: 7 });
    const version = body.version as number;
    const [newest, older] = await recordsOf('programme');
    expect(newest).toMatchObject({ act: 'programme.replace', clientId: `client:${as.id}`, seq: 2 });
    expect(newest?.after).toBe(digest({ version, ...initialPolicy, returnsUntilDays: 7 }));
    expect(older?.after).toBe(digest({ version: version - 1, ...initialPolicy }));
  });

  it('200 numbers five acts of one client at once without a gap, and their times only grow', async () => {
    const as = someStaff();
    const products: string[] = [];
    for (let i = 0; i < 5; i += 1) products.push(await gift());
    const answers = await Promise.all(products.map((productId) => change(productId, { pricePoints: 5 }, as)));
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(200));
    const all = (await Promise.all(products.map((productId) => recordsOf(productId)))).flat();
    const mine = all.filter(({ clientId }) => clientId === `client:${as.id}`).toSorted((a, b) => a.seq - b.seq);
    expect(mine.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    expect(new Set(mine.map(({ at }) => at)).size).toBe(5);
    expect(mine.map(({ at }) => at)).toEqual(mine.map(({ at }) => at).toSorted());
    expect(await recordsHold()).toBeGreaterThan(5);
  });

  it('200 writes one record when replies are lost', async () => {
    const productId = await gift();
    losingReplies();
    expect((await change(productId, { pricePoints: 7 }, someStaff())).status).toBe(200);
    vi.restoreAllMocks();
    const changes = (await recordsOf(productId)).filter(({ act }) => act === 'catalog.change');
    expect(changes).toHaveLength(1);
    expect(changes[0]?.after).toBe(digest({ ...content, pricePoints: 7, version: 2 }));
  });

  it('names rows of contracts that staff call', async () => {
    const rows = contracts.flatMap(({ name, rows: all }) => Object.keys(all).map((row) => `${name}.${row}`));
    const productId = await gift();
    await change(productId, { pricePoints: 9 });
    for (const { act } of await recordsOf(productId)) expect(rows).toContain(act);
  });
});

describe('GET /v1/audit', () => {
  it('200 gives each record of a subject once, newest first, however long a page is', async () => {
    const productId = await gift();
    for (let i = 1; i <= 5; i += 1) await change(productId, { pricePoints: i });
    const all = await recordsOf(productId);
    expect(all).toHaveLength(6);
    expect(all.map(({ at }) => at)).toEqual(
      all
        .map(({ at }) => at)
        .toSorted()
        .toReversed(),
    );
    for (const limit of ['1', '2', '5']) {
      const seen: Told[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const { body } = await audit({ subject: productId, limit, ...(cursor && { cursor }) });
        seen.push(...(body.items as Told[]));
        cursor = body.nextCursor as string | null;
      }
      expect(seen).toEqual(all);
    }
  });

  it('200 gives those of a day of the programme, to its last millisecond', async () => {
    const made = async () => (await call(catalogContract, 'create', { as: someStaff(), body: wish })).body.productId;
    clock('2027-03-01T15:59:59.999Z');
    const last = await made();
    clock('2027-03-01T16:00:00.000Z');
    const next = await made();
    const subjects = async (day: string) =>
      ((await audit({ day, limit: '100' })).body.items as Told[]).map(({ subject }) => subject);
    expect([await subjects('2027-03-01'), await subjects('2027-03-02')]).toEqual([[last], [next]]);
    expect(await subjects('2027-03-03')).toEqual([]);
  });

  it('200 is empty for what nobody touched', async () => {
    expect((await audit({ subject: 'prd_NOBODY' })).body).toEqual({ items: [], nextCursor: null });
  });

  it('400 request.cursor_invalid for the cursor of another subject', async () => {
    const productId = await gift();
    await change(productId, { pricePoints: 3 });
    const { body } = await audit({ subject: productId, limit: '1' });
    const cursor = body.nextCursor as string;
    expect(told(await audit({ subject: await gift(), cursor }))).toBe('400 request.cursor_invalid');
    expect(told(await audit({ day: '2026-11-23', cursor }))).toBe('400 request.cursor_invalid');
  });

  it.each<[string, Record<string, string>]>([
    ['neither subject nor day', {}],
    ['both', { subject: 'programme', day: '2026-11-23' }],
    ['a day that does not exist', { day: '2026-02-30' }],
    ['a subject with blanks', { subject: 'a b' }],
    ['a limit of 101', { day: '2026-11-23', limit: '101' }],
  ])('400 request.invalid for %s', async (_, query) => {
    expect(told(await audit(query))).toBe('400 request.invalid');
  });

  it.each(strangers('audit.read'))('%s', async (title, as) => {
    expect(told(await call(staffContract, 'audit', { as, query: { subject: 'programme' } }))).toBe(title);
  });
});
