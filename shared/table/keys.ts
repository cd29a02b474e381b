/** Where an item lies. Index keys are added beside it by the item that wants to be found there. */
export interface Key {
  pk: string;
  sk: string;
}

/** A key in one word, as logs name it. */
export function keyName({ pk, sk }: Key): string {
  return `${pk}|${sk}`;
}

/** The shape of the table, for the template. */
export const tableShape = {
  pk: 'pk',
  sk: 'sk',
  gsi1: { pk: 'gsi1pk', sk: 'gsi1sk' },
  gsi2: { pk: 'gsi2pk', sk: 'gsi2sk' },
  ttl: 'expiresAtEpoch',
} as const;

const SEQ_DIGITS = 10;

/** A sequence number as a sort key. */
export function seqKey(seq: number): string {
  return String(seq).padStart(SEQ_DIGITS, '0');
}

/** The entity chart: who shares a partition is read together, who shares a sort prefix is listed together. */
export const keys = {
  // A member and everything that is read with it
  member: (memberId: string): Key => ({ pk: `MEMBER#${memberId}`, sk: 'MEMBER' }),
  // What a member says of themself (sealed), would like, and where things are sent (sealed)
  profile: (memberId: string): Key => ({ pk: `MEMBER#${memberId}`, sk: 'PROFILE' }),
  preferences: (memberId: string): Key => ({ pk: `MEMBER#${memberId}`, sk: 'PREFERENCES' }),
  addresses: (memberId: string): Key => ({ pk: `MEMBER#${memberId}`, sk: 'ADDRESSES' }),
  // That a member asked to be forgotten, and how far that is
  erasure: (memberId: string): Key => ({ pk: `MEMBER#${memberId}`, sk: 'ERASURE' }),
  // What was exported for a member of late
  exports: (memberId: string): Key => ({ pk: `MEMBER#${memberId}`, sk: 'EXPORTS' }),
  // What providers vouched for (sealed), and a version more with every change of what they are recognised by
  identities: (memberId: string): Key => ({ pk: `MEMBER#${memberId}`, sk: 'IDENTITIES' }),
  // A change of what a member is recognised by, and (sealed, until they were told) where they were reached before; expires
  identityChange: (memberId: string, changeId: string): Key => ({
    pk: `MEMBER#${memberId}`,
    sk: `IDENTITY-CHANGE#${changeId}`,
  }),
  // Whose heir a member is, one item for each who was merged into them
  mergedMember: (heirId: string, memberId: string): Key => ({ pk: `MEMBER#${heirId}`, sk: `MERGED#${memberId}` }),
  session: (memberId: string, sessionId: string): Key => ({ pk: `MEMBER#${memberId}`, sk: `SESSION#${sessionId}` }),

  // Which session has a push token, by keyed digest: one has it, where it names the same registration; expires
  pushToken: (digest: string): Key => ({ pk: `PUSH-TOKEN#${digest}`, sk: 'PUSH-TOKEN' }),

  // What stopped counting of late, a session or all that somebody had by then, in the order of time; expires
  revocation: (at: string, revocationId: string): Key => ({ pk: 'REVOCATIONS', sk: `${at}#${revocationId}` }),

  // What a member agreed to and no longer: every answer, the newest last, which says where all purposes stand
  consent: (memberId: string, seq: number): Key => ({ pk: `CONSENTS#${memberId}`, sk: seqKey(seq) }),

  // One identity is one member, until they unbind it or are erased: `digest` is keyed, so nothing personal is in a key
  identity: (kind: string, digest: string): Key => ({ pk: `IDENTITY#${kind}#${digest}`, sk: 'IDENTITY' }),

  // The code that is under way for a phone, by keyed digest; expires
  loginCode: (phoneDigest: string): Key => ({ pk: `LOGIN-CODE#${phoneDigest}`, sk: 'LOGIN-CODE' }),

  // How many codes were sent on a day, and in each of its hours: for an address, a device or numbers that begin alike
  // (by keyed digest), and for all; expires
  smsBudget: (budget: string, day: string): Key => ({ pk: `SMS-BUDGET#${budget}`, sk: day }),

  // A code that a member showed at a till, once it was used: by when it was shown; expires
  usedCode: (memberId: string, window: number): Key => ({ pk: `MEMBER-CODE#${memberId}`, sk: seqKey(window) }),

  // How many look-ups by phone of a caller found nobody on a day, and in each of its hours; expires
  lookUps: (budget: string, day: string): Key => ({ pk: `LOOK-UPS#${budget}`, sk: day }),

  // What an operator has switched off, for everybody
  switches: (): Key => ({ pk: 'SWITCHES', sk: 'SWITCHES' }),

  // What personal fields are sealed under, one wrapped key a month; and the keys that sign tokens, the newest last
  dataKey: (month: string): Key => ({ pk: 'DATA-KEYS', sk: month }),
  signingKey: (seq: number): Key => ({ pk: 'SIGNING-KEYS', sk: seqKey(seq) }),

  // OAuth2 clients: tills, shops, staff tools; gsi1 lists them by when they were made
  client: (clientId: string): Key => ({ pk: `CLIENT#${clientId}`, sk: 'CLIENT' }),
  allClients: (createdAt: string, clientId: string) => ({ gsi1pk: 'CLIENTS', gsi1sk: `${createdAt}#${clientId}` }),

  // The secret of the deployment that made the first staff client
  firstStaff: (): Key => ({ pk: 'FIRST-STAFF', sk: 'FIRST-STAFF' }),

  // How many requests of a client were leased to containers in a minute (of the epoch); expires
  requestCount: (clientId: string, minute: number): Key => ({
    pk: `CLIENT#${clientId}#REQUESTS`,
    sk: seqKey(minute),
  }),

  // Where a client wants to be told of events; while they are told, gsi1 lists all webhooks
  webhook: (clientId: string, webhookId: string): Key => ({ pk: `WEBHOOKS#${clientId}`, sk: webhookId }),
  toldWebhooks: (clientId: string, webhookId: string) => ({ gsi1pk: 'WEBHOOKS', gsi1sk: `${clientId}#${webhookId}` }),
  // What a webhook was told, by when it happened; until it has arrived gsi2 lists it by its next try; expires
  delivery: (webhookId: string, at: string, eventId: string): Key => ({
    pk: `DELIVERIES#${webhookId}`,
    sk: `${at}#${eventId}`,
  }),
  dueDeliveries: (nextAt: string, webhookId: string, eventId: string) => ({
    gsi2pk: 'DELIVERIES',
    gsi2sk: `${nextAt}#${webhookId}#${eventId}`,
  }),

  // A person of the staff with their sessions; gsi1 lists everybody by when they were invited
  staff: (staffId: string): Key => ({ pk: `STAFF#${staffId}`, sk: 'STAFF' }),
  allStaff: (createdAt: string, staffId: string) => ({ gsi1pk: 'STAFF', gsi1sk: `${createdAt}#${staffId}` }),
  staffSession: (staffId: string, sessionId: string): Key => ({ pk: `STAFF#${staffId}`, sk: `SESSION#${sessionId}` }),
  // Whose user name this is, and how often it was tried in vain (whoever has it), by keyed digest
  staffName: (digest: string): Key => ({ pk: `STAFF-NAME#${digest}`, sk: 'STAFF-NAME' }),
  staffTries: (digest: string): Key => ({ pk: `STAFF-NAME#${digest}`, sk: 'TRIES' }),
  // How many tries of staff to log in were counted on a day, and in each of its hours: from a network (by keyed
  // digest), and for all; expires
  staffLogins: (budget: string, day: string): Key => ({ pk: `STAFF-LOGINS#${budget}`, sk: day }),
  // Who came first, by the secret of the deployment, and whether they are still the only owner
  firstOwner: (): Key => ({ pk: 'FIRST-OWNER', sk: 'FIRST-OWNER' }),
  // What waits for a second person, or did; gsi1 lists what is in one status, by when it was proposed
  approval: (approvalId: string): Key => ({ pk: `APPROVAL#${approvalId}`, sk: 'APPROVAL' }),
  approvals: (status: string, proposedAt: string, approvalId: string) => ({
    gsi1pk: `APPROVALS#${status}`,
    gsi1sk: `${proposedAt}#${approvalId}`,
  }),

  // The programme, one item a version: the newest is in force, the older ones explain old entries
  programme: (version: number): Key => ({ pk: 'PROGRAMME', sk: seqKey(version) }),

  // Products; on the shelf they are also in gsi1 `SHELF` by when they were put there
  product: (productId: string): Key => ({ pk: `PRODUCT#${productId}`, sk: 'PRODUCT' }),
  shelf: (since: string, productId: string) => ({ gsi1pk: 'SHELF', gsi1sk: `${since}#${productId}` }),
  // What is left of a product, apart from it so that a sale does not touch what is read; `shard` splits a hot one
  stock: (productId: string, shard = 0): Key => ({
    pk: `STOCK#${productId}`,
    sk: `STOCK#${String(shard).padStart(2, '0')}`,
  }),

  // The ledger: one chain a member and currency; the last entry is the account
  entry: (currency: string, memberId: string, seq: number): Key => ({
    pk: `LEDGER#${currency}#${memberId}`,
    sk: seqKey(seq),
  }),
  // Who has something to lapse on a day, in 16 parts so that a year end is no hot partition
  lapse: (lastDay: string, part: number, memberId: string, currency: string): Key => ({
    pk: `LAPSE#${lastDay}#${String(part).padStart(2, '0')}`,
    sk: `${memberId}#${currency}`,
  }),

  // The days on which anybody has something to lapse: the end of a day looks at no others
  lapseDay: (lastDay: string): Key => ({ pk: 'LAPSE-DAYS', sk: lastDay }),

  // How far a pass through a lapse day is: in one part, or (DONE) that all of it is finished
  lapsePass: (lastDay: string, what: string, part: number | undefined): Key => ({
    pk: 'LAPSE-PASSES',
    sk: `${lastDay}#${what}#${part === undefined ? 'DONE' : String(part).padStart(2, '0')}`,
  }),

  // What a member was told, by the day on which they were due to be
  notice: (memberId: string, day: string, currency: string, lastDay: string): Key => ({
    pk: `NOTICES#${memberId}`,
    sk: `${day}#${currency}#${lastDay}`,
  }),
  // An adjustment by staff, and what it did
  adjustment: (adjustmentId: string): Key => ({ pk: `ADJUSTMENT#${adjustmentId}`, sk: 'ADJUSTMENT' }),
  // How many points a caller has adjusted on a day without a second person; expires
  adjustedAlone: (by: string, day: string): Key => ({ pk: `ADJUSTED-ALONE#${by}`, sk: day }),
  // Points that a caller has set aside; while they are, gsi2 lists them by when that ends
  hold: (holdId: string): Key => ({ pk: `HOLD#${holdId}`, sk: 'HOLD' }),
  openHolds: (expiresAt: string, holdId: string) => ({ gsi2pk: 'HOLDS', gsi2sk: `${expiresAt}#${holdId}` }),

  // What staff did, one chain for each person or client; gsi1 lists it by whom or what it was done to, gsi2 by day
  audit: (clientId: string, seq: number): Key => ({ pk: `AUDIT#${clientId}`, sk: seqKey(seq) }),
  auditOf: (subject: string, day: string, at: string, clientId: string) => ({
    gsi1pk: `AUDIT#${subject}`,
    gsi1sk: `${at}#${clientId}`,
    gsi2pk: `AUDIT#${day}`,
    gsi2sk: `${at}#${clientId}`,
  }),

  // A row of an upload of staff (opening balances, grants): once for each batch, member, currency and last day
  grant: (batch: string, memberId: string, currency: string, lastDay: string): Key => ({
    pk: `GRANT#${batch}#${memberId}`,
    sk: `${currency}#${lastDay}`,
  }),

  // A purchase, unique by its number in the whole programme
  purchase: (number: string): Key => ({ pk: `PURCHASE#${number}`, sk: 'PURCHASE' }),
  // A return, unique by its number in the whole programme
  purchaseReturn: (number: string): Key => ({ pk: `RETURN#${number}`, sk: 'RETURN' }),

  // An order; gsi1 lists a member's, gsi2 those in one status, both by when they were placed
  order: (orderId: string): Key => ({ pk: `ORDER#${orderId}`, sk: 'ORDER' }),
  memberOrders: (memberId: string, placedAt: string, orderId: string) => ({
    gsi1pk: `ORDERS#${memberId}`,
    gsi1sk: `${placedAt}#${orderId}`,
  }),
  statusOrders: (status: string, placedAt: string, orderId: string) => ({
    gsi2pk: `ORDERS#${status}`,
    gsi2sk: `${placedAt}#${orderId}`,
  }),
} as const;

/** Partitions in which nothing changes once it is written: IAM denies it, and the archive copies what is appended. */
export const appendOnly = ['LEDGER#', 'AUDIT#'] as const;

/** How many parts a lapse day has. */
export const LAPSE_PARTS = 16;
