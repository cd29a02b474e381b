import { giveBack } from '../catalog/catalog.ts';
import { Refusal } from '../errors.ts';
import { addDays, dayOf } from '../platform/calendar-day.ts';
import { now } from '../platform/clock.ts';
import { digest } from '../platform/digest.ts';
import { setting } from '../platform/settings.ts';
import { move, reference } from '../points/points.ts';
import { programme } from '../programme/programme.ts';
import { exchange, type Outcome, type Reading } from '../table/commit.ts';
import type { Write } from '../table/writes.ts';
import { type By, keyDigest, type Order, stepAt } from './orders.ts';
import { type Act, after, doneBy } from './rules.ts';
import { advance, type Step } from './store.ts';

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
async function graceUntil(by: Step['by']): Promise<string | undefined> {
  const { refund } = await programme();
  if (by === 'MEMBER' || refund.policy !== 'ORIGINAL_LOT_WITH_GRACE') return undefined;
  return addDays(dayOf(now(), setting('TIME_ZONE')), refund.graceDays);
}

/** Points go back to the lots they came from, pieces to the stock. */
async function undo(order: Order, by: Step['by'], reading: Reading): Promise<Consequences> {
  const { orderId, memberId, currency, points, draws, product, quantity } = order;
  const until = await graceUntil(by);
  const refunding = {
    kind: 'REFUND',
    amount: points,
    from: draws,
    reference: reference('cancel', orderId),
    ...(until && { graceUntil: until }),
  } as const;
  const back = await move({ memberId, currency }, refunding, reading);
  const refund = { points, lapsed: back.lapsed, seq: back.seq };
  return { order: { returned: draws, refund }, writes: [back.write, giveBack(product.productId, quantity)] };
}

async function consequences(order: Order, { act, by, shipment }: Deed, reading: Reading): Promise<Consequences> {
  if (act === 'CANCEL') return undo(order, by, reading);
  return { order: shipment ? { shipment } : {}, writes: [] };
}

async function decide(order: Order, deed: Deed, reading: Reading) {
  const status = after(order.status, deed.act);
  if (!status) throw new Refusal('orders.wrong_status', { orderStatus: order.status });
  const { by, clientId, under, shipment } = deed;
  const request = digest(shipment ?? null);
  const step: Step = {
    status,
    at: stepAt(order),
    by,
    ...(clientId && { clientId }),
    key: keyDigest(under),
    request,
  };
  const { order: changed, writes } = await consequences(order, deed, reading);
  const next: Order = {
    ...order,
    ...changed,
    status,
    version: order.version + 1,
    timeline: [...order.timeline, step],
  };
  return { writes: [advance(next), ...writes], answer: next };
}

/** The order, when this very thing was done to it before; a key that was used for something else is refused. */
function doneBefore(order: Order, { act, under, shipment }: Deed): Order | undefined {
  const request = digest(shipment ?? null);
  const step = order.timeline.find(({ key }) => key === keyDigest(under));
  if (step && step.request !== request) throw new Refusal('request.key_reused');
  const done = order.timeline.find(({ status }) => status === doneBy(act));
  return (step ?? (done?.request === request ? done : undefined)) ? order : undefined;
}

/**
 * Ships, confirms or cancels an order. Doing the same again changes nothing and gets the same answer; what its status
 * does not allow is refused. `find` reads the order, and refuses whoever may not know of it.
 */
export async function progress(find: () => Promise<Order>, deed: Deed): Promise<Outcome<Order>> {
  return exchange(
    async (reading) => decide(await find(), deed, reading),
    async () => doneBefore(await find(), deed),
  );
}
