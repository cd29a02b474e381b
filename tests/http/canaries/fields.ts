import type { Kind } from '../../support/canaries.ts';
import { type Operation, resolved, type Schema } from '../bad-input/operations.ts';
import { fieldsOf } from '../crawler/ids.ts';

/** What is personal or secret, by the name of its field; where one route means another thing by it, that too. */
const PERSONAL: Record<string, Kind> = {
  phone: 'phone',
  nickname: 'words',
  recipient: 'words',
  address: 'words',
  note: 'words',
  name: 'words',
  birthday: 'birthday',
  region: 'region',
  externalId: 'secret',
  deviceId: 'secret',
  humanCheck: 'secret',
  code: 'secret',
  codeVerifier: 'secret',
  nonce: 'secret',
  refreshToken: 'secret',
  token: 'secret',
  invitation: 'secret',
  password: 'secret',
  newPassword: 'secret',
  secret: 'secret',
  client_secret: 'secret',
  reason: 'reason',
  userName: 'userName',
};

/** Names that are somebody's on one route and no person's on another. */
const NOBODYS = [
  'partners.makeClient name',
  'partners.changeClient name',
  'programme.replace code',
  'programme.propose code',
];

/** What says nothing of a person: the shop's own words, what it counts by, and choices that are stored as they are. */
const PLAIN =
  /^(zh|en|timeZone|currency|from|to|version|interests|grants|events|url|grant_type|client_id|scope|number|purchase|line|sku|batch|subject|into|carrier|trackingNumber|cursor|provider)$/;
/** Ids of ours, and what a form says to be no words. */
const FORMED = /(Id|_id)$/;
const FORMATS = ['date', 'date-time'];

/** What a row of a file says that is somebody's: the form of it is not in the document. */
const IN_CSV: Record<string, Kind> = { phone: 'phone', externalId: 'secret' };

const isText = ({ type, enum: choices, const: only, properties }: Schema): boolean =>
  type === 'string' && !choices && only === undefined && !properties;

/** Every text in the body: lists of texts, and texts that may be null, too. */
function textsOf(body: Schema): [string, Schema][] {
  return fieldsOf(body).flatMap(([name, schema]): [string, Schema][] => {
    const ways = [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.items ? [schema.items] : [])];
    return ways
      .map(resolved)
      .filter(isText)
      .map((one) => [name, one]);
  });
}

/** Of what kind a field of a route is; `unknown` where nothing here says. */
function kindOf(route: string, name: string, { format = '' }: Schema): Kind | 'plain' | 'unknown' {
  if (NOBODYS.includes(`${route} ${name}`)) return 'plain';
  const kind = PERSONAL[name];
  if (kind) return kind;
  return PLAIN.test(name) || FORMED.test(name) || FORMATS.includes(format) ? 'plain' : 'unknown';
}

export interface Fields {
  body: Map<string, Kind>;
  /** What goes in the URL: where the gateway and others may log it. */
  url: Map<string, Kind>;
  unknown: string[];
}

/** What a route takes of a person, and what nobody has said of yet whether it is. */
export function fieldsIn(operation: Operation): Fields {
  const fields: Fields = { body: new Map(), url: new Map(), unknown: [] };
  const sort = (to: Map<string, Kind>, name: string, schema: Schema) => {
    const kind = kindOf(operation.name, name, schema);
    if (kind === 'unknown') fields.unknown.push(name);
    else if (kind !== 'plain') to.set(name, kind);
  };
  const query = operation.query.map(([name, schema]): [string, Schema] => [name, resolved(schema)]);
  for (const [name, schema] of operation.body ? textsOf(operation.body) : []) sort(fields.body, name, schema);
  for (const [name, schema] of query.filter(([, one]) => isText(one))) sort(fields.url, name, schema);
  for (const name of operation.params) sort(fields.url, name, {});
  if (operation.row.csv) for (const [name, kind] of Object.entries(IN_CSV)) fields.body.set(name, kind);
  return fields;
}
