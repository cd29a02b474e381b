export type OrderStatus = 'PENDING_SHIPMENT' | 'IN_TRANSIT' | 'RECEIVED' | 'CANCELLED';

/** What can be done to an order. */
export type Act = 'SHIP' | 'RECEIVE' | 'CANCEL';

/** From which status each act leads, and where to. There is no other way. */
const WAYS: Record<Act, { from: OrderStatus; to: OrderStatus }> = {
  SHIP: { from: 'PENDING_SHIPMENT', to: 'IN_TRANSIT' },
  RECEIVE: { from: 'IN_TRANSIT', to: 'RECEIVED' },
  CANCEL: { from: 'PENDING_SHIPMENT', to: 'CANCELLED' },
};

/** Where the act leads from this status, or undefined when it may not be done. */
export function after(status: OrderStatus, act: Act): OrderStatus | undefined {
  const { from, to } = WAYS[act];
  return status === from ? to : undefined;
}

/** The status in which the act has been done. */
export function doneBy(act: Act): OrderStatus {
  return WAYS[act].to;
}

/** Whether something is still to come of an order in this status. */
export function isOpen(status: OrderStatus): boolean {
  return Object.values(WAYS).some(({ from }) => from === status);
}
