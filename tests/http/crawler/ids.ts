import { type Operation, resolved, type Schema } from '../bad-input/operations.ts';

/** The ids of one request, by the names of their fields, and what else belongs to them. */
export type Values = Record<string, string>;

/** Where a route takes an id. */
export interface IdPlace {
  name: string;
  at: 'path' | 'query' | 'body';
}

/** A form of ours, or a name that says so. */
const OUR_FORM = /^\^\w{3}_/;
const SAYS_SO = /(Id|_id)$|^(cursor|into|number|purchase|subject)$/;

/** Names that callers give themselves: they open nothing. Another system's name of a member stands for a `memberId`. */
const THEIR_OWN = ['deviceId', 'externalId'];
/** What these requests name for the first time. */
const MADE_HERE = ['earning.report number', 'earning.reportReturn number'];
/** A secret that begins with an id: who has it is who it was given to. */
const SECRETS = ['invitation'];

function isId(name: string, { pattern = '' }: Schema): boolean {
  return (OUR_FORM.test(pattern) || SAYS_SO.test(name)) && ![...THEIR_OWN, ...SECRETS].includes(name);
}

/** Every field that there is in a body, however deep, by its name. */
export function fieldsOf(given: Schema): [string, Schema][] {
  const schema = resolved(given);
  const below = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.items ? [schema.items] : [])];
  const own = Object.entries(schema.properties ?? {}).map(([name, field]) => [name, resolved(field)] as const);
  return [
    ...own.flatMap(([name, field]): [string, Schema][] => [[name, field], ...fieldsOf(field)]),
    ...below.flatMap(fieldsOf),
  ];
}

/** Every id that a route takes: in its path all there is, in query and body what looks like one. */
export function idsOf({ name: route, params, query, body }: Operation): IdPlace[] {
  const inBody = body ? fieldsOf(body) : [];
  const places: IdPlace[] = [
    ...params.map((name) => ({ name, at: 'path' as const })),
    ...query.filter(([name, schema]) => isId(name, resolved(schema))).map(([name]) => ({ name, at: 'query' as const })),
    ...inBody.filter(([name, schema]) => isId(name, schema)).map(([name]) => ({ name, at: 'body' as const })),
  ];
  const once = new Map(places.map((place) => [place.name, place]));
  return [...once.values()].filter(({ name }) => !MADE_HERE.includes(`${route} ${name}`));
}

/** What whoever may come in may name, whoever made it: of these there is no foreign one. All others have an owner. */
const SHARED: Record<Operation['row']['auth'], readonly string[]> = {
  none: ['productId'],
  member: ['memberId', 'productId'],
  partner: ['memberId', 'number', 'purchase'],
  staff: ['adjustmentId', 'approvalId', 'clientId', 'into', 'memberId', 'orderId', 'productId', 'staffId', 'subject'],
};

/** Whether such an id has an owner: one of who calls, or, for staff, what else the request names. */
export function isOwned(operation: Operation, name: string): boolean {
  const { auth } = operation.row;
  if (SHARED[auth].includes(name)) return false;
  return name !== 'cursor' || ['member', 'partner'].includes(auth) || idsOf(operation).length > 1;
}

/** An id of the same form that was never given; of names that are known to all, one that nobody here has. */
export function absent(name: string, id: string): string {
  if (name === 'provider') return 'OIDC';
  if (name === 'cursor') return `${id.slice(0, -8)}${id.slice(-8) === 'AAAAAAAA' ? 'BBBBBBBB' : 'AAAAAAAA'}`;
  return /^[a-z]{3}_[0-9A-Z]{26}$/.test(id) ? `${id.slice(0, 4)}${'0'.repeat(26)}` : id.replaceAll(/[0-9a-zA-Z]/g, 'z');
}
