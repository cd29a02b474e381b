import { randomUUID } from 'node:crypto';
import { audit } from '../../../audit/audit.ts';
import { scan } from '../../../audit/scan.ts';
import { profilesContract } from '../../../shared/members/profiles/contract.ts';
import { tableName } from '../../../shared/table/client.ts';
import { asMember, type Called, type CallOptions, call } from '../../support/call.ts';
import { ZONE } from '../../support/mall.ts';

type Rows = typeof profilesContract.rows;

/** A member's way to their own: what they ask for on a route. */
export const own =
  (memberId: string) =>
  (name: keyof Rows, options: Omit<CallOptions, 'as'> = {}): Promise<Called> =>
    call(profilesContract, name, { as: asMember(memberId), ...options });

/** Agrees to a purpose, or no longer. */
export const consent = (memberId: string, purpose: string, granted = true, more: CallOptions = {}): Promise<Called> =>
  own(memberId)('consent', { body: { purpose, version: '2026-11', granted }, key: randomUUID(), ...more });

export const told = ({ status, body }: Called): string => `${status} ${(body.code as string | undefined) ?? ''}`.trim();

/** What the auditor finds of items that it does not know; what becomes of points needs the reactions, which do not run here. */
export async function violations() {
  const items = await scan(
    { name: tableName(), connection: { endpoint: process.env['AWS_ENDPOINT_URL_DYNAMODB'] } },
    () => {},
  );
  return audit(items, { at: Date.now(), zone: ZONE }).violations.filter(({ invariant }) => invariant === 'INV-27');
}
