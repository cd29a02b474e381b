import { giveBack } from '../catalog/catalog.ts';
import { Refusal } from '../errors.ts';
import { dayOf } from '../platform/calendar-day.ts';
import { type By, requestDigest } from '../platform/ids.ts';
import { setting } from '../platform/settings.ts';
import { move, reference } from '../points/points.ts';
import { lastGraceDay, programme } from '../programme/programme.ts';
import { record } from '../staff/staff.ts';
import { type Basis, exchange, type Outcome } from '../table/commit.ts';
import type { Write } from '../table/writes.ts';
import { type Act, after, doneBy } from './rules.ts';
import { advance, type Order, type Step } from './store.ts';

/** Something that is to be done to an order: by whom, under which key, and with what. */
export interface Deed {
  act: Act;
  by: Step['by'];
  clientId?: string;
  under: By;
  shipment?: { carrier: string; trackingNumber: string };
}

/** What an act changes beside the order's status and timeline. */
interface Consequences {
  order: Partial<Order>;
  writes: readonly Write[];
}

/** Until when points that come back late still count: days of grace when the shop caused it, and the programme says so. */
async function graceUntil(by: Step['by'], at: number): Promise<string | undefined> {
  return by === 'MEMBER' ? undefined : lastGraceDay(await programme(), dayOf(at, setting('TIME_ZONE')));
}

/** Points go back to the lots they came from, pieces to the stock. */
async function undo(order: Order, by: Step['by'], basis: Basis): Promise<Consequences> {
  const { orderId, memberId, currency, points, draws, product, quantity } = order;
  const until = await graceUntil(by, basis.at);
  const refunding = {
    kind: 'REFUND',
    amount: points,
    from: draws,
    reference: reference('cancel', orderId),
    ...(until && { graceUntil: until }),
  } as const;
  const back = await move({ memberId, currency }, refunding, basis);
  const refund = {
    points,
    lapsed: back.lapsed,
    seq: back.seq,
    ...(back.memberId !== memberId && { heirId: back.memberId }),
  };
  return { order: { returned: draws, refund }, writes: [back.write, giveBack(product.productId, quantity)] };
}

async function consequences(order: Order, { act, by, shipment }: Deed, basis: Basis): Promise<Consequences> {
  if (act === 'CANCEL') return undo(order, by, basis);
  return { order: shipment ? { shipment } : {}, writes: [] };
}

/** By which key and for what a deed is asked, as its step keeps it. */
async function digestsOf({ under, shipment }: Deed): Promise<Pick<Step, 'key' | 'request'>> {
  return { key: await requestDigest(under), request: await requestDigest(shipment ?? null) };
}

const stateOf = ({ status, version, shipment, refund }: Order) => ({ status, version, shipment, refund });

/** The record of a deed of staff; none of a member's. */
async function told(before: Order, after: Order, { act, clientId }: Deed, basis: Basis): Promise<Write[]> {
  if (clientId === undefined) return [];
  const deed = { clientId, act: `orders.${act.toLowerCase()}`, subject: before.orderId };
  return [await record({ ...deed, before: stateOf(before), after: stateOf(after) }, basis)];
}

async function decide(order: Order, deed: Deed, basis: Basis) {
  const status = after(order.status, deed.act);
  if (!status) throw new Refusal('orders.wrong_status', { orderStatus: order.status });
  const { by, clientId } = deed;
  const at = Math.max(basis.at, order.timeline.at(-1)?.at ?? 0);
  const step: Step = { status, at, by, ...(clientId && { clientId }), ...(await digestsOf(deed)) };
  const { order: changed, writes } = await consequences(order, deed, basis);
  const next: Order = {
    ...order,
    ...changed,
    status,
    version: order.version + 1,
    timeline: [...order.timeline, step],
  };
  return { writes: [advance(next), ...writes, ...(await told(order, next, deed, basis))], answer: next };
}

/** The order, when this very thing was done to it before; a key that was used for something else is refused. */
async function doneBefore(order: Order, deed: Deed): Promise<Order | undefined> {
  const { key, request } = await digestsOf(deed);
  const step = order.timeline.find((one) => one.key === key);
  if (step && step.request !== request) throw new Refusal('request.key_reused');
  const done = order.timeline.find(({ status }) => status === doneBy(deed.act));
  return (step ?? (done?.request === request ? done : undefined)) ? order : undefined;
}

/**
 * Ships, confirms or cancels an order. Doing the same again changes nothing and gets the same answer; what its status
 * does not allow is refused. `find` reads the order, and refuses whoever may not know of it.
 */
export async function progress(find: () => Promise<Order>, deed: Deed): Promise<Outcome<Order>> {
  return exchange(
    async (basis) => decide(await find(), deed, basis),
    async () => doneBefore(await find(), deed),
  );
}
