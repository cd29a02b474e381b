import { AsyncLocalStorage } from 'node:async_hooks';
import { networkOf } from '../platform/networks.ts';
import type { ApiEvent } from './event.ts';

/** Which request this is, and roughly where it came from. */
export interface Origin {
  requestId: string;
  from?: string;
}

export function originOf({ requestContext: { requestId, http } }: ApiEvent): Origin {
  const from = networkOf(http.sourceIp ?? '');
  return { requestId, ...(from !== undefined && { from }) };
}

/**
 * What a record of staff says of where from, which no decision hangs on: handed on beside the arguments, so that a
 * domain between the route and the record need not know of it.
 */
export const origins = new AsyncLocalStorage<Origin>();
