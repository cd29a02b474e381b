type Files = Record<string, string>;

/** A small house in which everything is allowed. */
export const sound: Files = {
  'bin/app.ts': "import { stages } from '../infra/stages.ts';",
  'infra/stages.ts': "import { contracts } from '../shared/contracts.ts';",
  'infra/local/table.ts': "import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';",
  'functions/orders/api.ts': "import { place } from '../../shared/orders/orders.ts';",
  'functions/announcer/on-table-change.ts': "import { announce } from '../../shared/events/announce.ts';",
  'shared/contracts.ts':
    "import { points } from './points/contract.ts';\nimport { orders } from './orders/contract.ts';",
  'shared/errors.ts': 'export class Refusal extends Error {}',
  'shared/events.ts': '',
  'shared/calendar.ts': '',
  'shared/platform/clock.ts': 'export const now = (): number => Date.now();',
  'shared/platform/settings.ts': "export const setting = (name: string) => process.env[name] ?? '';",
  'shared/table/client.ts': "import { DynamoDBClient } from '@aws-sdk/client-dynamodb';",
  'shared/points/README.md': '# Points',
  'shared/points/contract.ts': "import * as z from 'zod';\nexport const points = contract('points', {});",
  'shared/points/points.ts': "import { exchange } from '../table/commit.ts';\nimport { next } from './rules.ts';",
  'shared/points/rules.ts': "import type { Entry } from './points.ts';\nimport { Refusal } from '../errors.ts';",
  'shared/points/store.ts': "import { keys } from '../table/keys.ts';",
  'shared/orders/README.md': '# Orders',
  'shared/orders/contract.ts': "export const orders = contract('orders', {});",
  'shared/orders/orders.ts': "import { spend } from '../points/points.ts';",
};

interface Plant {
  rule: string;
  /** Each of these alone is a breach, and the sentence about it says what to do. */
  breach: Files;
  /** A piece of that advice. */
  advice: string;
  /** What looks like it and is allowed. */
  neighbour: Files;
}

/** For every rule what breaks it, and what looks like it and is allowed. */
export const plants: readonly Plant[] = [
  {
    rule: 'bin loads infra and shared',
    breach: { 'bin/seed.ts': "import { handler } from '../functions/orders/api.ts';" },
    advice: 'name the entry by its path',
    neighbour: { 'bin/seed.ts': "import { place } from '../shared/orders/orders.ts';" },
  },
  {
    rule: 'the auditor is independent',
    breach: {
      'audit/chain.ts': "import { seal } from '../shared/points/seal.ts';",
      'audit/world.ts': "import { keys } from '../shared/table/keys.ts';",
      'audit/days.ts': "import type { Day } from '../shared/platform/calendar-day.ts';",
    },
    advice: 'shares nothing with what it judges',
    neighbour: {
      'audit/chain.ts': "import { sealOf } from './seal.ts';",
      'audit/where.ts': "import { startDynamoDbLocal } from '../infra/local/dynamodb-local.ts';",
      'audit/scan.ts': "import { ScanCommand } from '@aws-sdk/client-dynamodb';",
      'bin/audit.ts': "import { run } from '../audit/run.ts';",
    },
  },
  {
    rule: 'infra reads contracts and the five pages',
    breach: {
      'infra/stacks/api.ts': "import { handler } from '../../functions/orders/api.ts';",
      'infra/stacks/data.ts': "import { head } from '../../shared/points/store.ts';",
      'infra/local/clock.ts': "import { now } from '../../shared/platform/clock.ts';",
    },
    advice: 'loads nothing that runs in the cloud',
    neighbour: {
      'infra/stacks/api.ts': "import { orders } from '../../shared/orders/contract.ts';",
      'infra/stacks/data.ts':
        "import { keys } from '../../shared/table/keys.ts';\nconst entry = '../functions/orders/api.ts';",
    },
  },
  {
    rule: 'functions load shared and their own folder',
    breach: {
      'functions/orders/on-year-end.ts': "import { handler } from '../points/api.ts';",
      'functions/points/api.ts': "import { stages } from '../../infra/stages.ts';",
    },
    advice: 'let one wake the other by an event',
    neighbour: { 'functions/orders/on-year-end.ts': "import { handler } from './api.ts';" },
  },
  {
    rule: 'shared stands on its own',
    breach: { 'shared/orders/states.ts': "import { stages } from '../../infra/stages.ts';" },
    advice: 'take it as an argument',
    neighbour: { 'shared/orders/states.ts': "import { Refusal } from '../errors.ts';" },
  },
  {
    rule: 'the kernel knows no domain',
    breach: {
      'shared/http/api.ts': "import type { Account } from '../points/points.ts';",
      'shared/events/announce.ts': "import { contracts } from '../contracts.ts';",
    },
    advice: 'let the domain hand in what the kernel needs',
    neighbour: { 'shared/http/api.ts': "import { events } from '../events.ts';" },
  },
  {
    rule: 'pages know no domain',
    breach: {
      'shared/events.ts': "import type { Account } from './points/points.ts';",
      'shared/contracts.ts': `${sound['shared/contracts.ts']}\nimport { spend } from './points/points.ts';`,
    },
    advice: 'write the row itself on the page',
    neighbour: { 'shared/events.ts': "import type { ErrorCode } from './errors.ts';" },
  },
  {
    rule: 'domains call leftwards',
    breach: {
      'shared/points/pending.ts': "import type { Order } from '../orders/orders.ts';",
      'shared/campaigns/campaigns.ts': "import { place } from '../orders/orders.ts';",
      'shared/members/members.ts': "import { partner } from '../partners/partners.ts';",
      'shared/members/search.ts': "import { endAll } from '../auth/auth.ts';",
      'shared/orders/after-sales.ts': "const { draw } = await import('../campaigns/campaigns.ts');",
    },
    advice: 'let the left one announce an event',
    neighbour: {
      'shared/partners/partners.ts': "import { find } from '../members/members.ts';",
      'shared/auth/sessions.ts': "import { findOrRegister } from '../members/members.ts';",
      'shared/orders/after-sales.ts':
        "import { refund } from '../points/points.ts'; // not '../campaigns/campaigns.ts'",
    },
  },
  {
    rule: 'domains call the namesake',
    breach: {
      'shared/orders/after-sales.ts': "import { next } from '../points/rules.ts';",
      'shared/orders/payments.ts': "import type { points } from '../points/contract.ts';",
    },
    advice: 'entered through its namesake',
    neighbour: { 'shared/orders/after-sales.ts': "import { states } from './states.ts';" },
  },
  {
    rule: 'domains read the open pages',
    breach: { 'shared/orders/quote.ts': "import { contracts } from '../contracts.ts';" },
    advice: 'import your own contract.ts',
    neighbour: { 'shared/orders/quote.ts': "import { events } from '../events.ts';" },
  },
  {
    rule: 'a domain has its column',
    breach: { 'shared/weather/weather.ts': 'export const rain = 1;' },
    advice: 'give it a place in COLUMNS',
    neighbour: { 'shared/tiers/tiers.ts': 'export const gold = 1;' },
  },
  {
    rule: 'a contract is only a contract',
    breach: {
      'shared/orders/contract.ts': "import { next } from './orders.ts';\nexport const orders = contract('orders', {});",
      'shared/orders/staff-contract.ts': "import { line } from '../points/contract.ts';",
    },
    advice: 'A contract can be read without loading what answers it',
    neighbour: {
      'shared/orders/contract.ts': "import { page } from '../http/fields.ts';\nimport * as z from 'zod';",
      'shared/orders/staff-contract.ts': "import { order } from './contract.ts';",
    },
  },
  {
    rule: 'pure files import pure files',
    breach: {
      'shared/orders/rules.ts': "import { now } from '../platform/clock.ts';",
      'shared/points/expiry.ts': "import { createHash } from 'node:crypto';",
      'shared/points/statement.ts': "import { type Entry, head } from './points.ts';",
    },
    advice: 'take what it needs as an argument',
    neighbour: {
      'shared/orders/rules.ts': "import { addDays } from '../platform/calendar-day.ts';",
      'shared/points/seal.ts': "import { createHash } from 'node:crypto';\nimport { next } from './rules.ts';",
    },
  },
  {
    rule: 'pure files only compute',
    breach: {
      'shared/orders/rules.ts': 'export const soon = async () => 1;',
      'shared/points/expiry.ts': 'export const day = new Date(0);',
      'shared/points/statement.ts': 'const title = `drawn ${Math.random()}`;',
      'shared/points/settlement.ts': 'const link = /https?:\\/\\//; const value = await link;',
    },
    advice: 'take the instant, the number or the setting as an argument',
    neighbour: {
      'shared/orders/rules.ts': '/** We never await Math.random() here. */\nexport const says = "async process.env";',
      'shared/points/points.ts': 'export const read = async (at: number) => new Date(at);',
    },
  },
  {
    rule: 'a store is private',
    breach: {
      'shared/orders/after-sales.ts': "import { head } from '../points/store.ts';",
      'functions/points/api.ts': "import { head } from '../../shared/points/store.ts';",
      'bin/seed.ts': "import { head } from '../shared/points/store.ts';",
    },
    advice: 'ask the domain through its namesake',
    neighbour: {
      'shared/points/pending.ts': "import { head } from './store.ts';",
      'tests/points/store.test.ts': "import { head } from '../../shared/points/store.ts';",
    },
  },
  {
    rule: 'only stores touch the table',
    breach: {
      'shared/orders/orders.ts': "import { query } from '../table/client.ts';",
      'shared/points/points.ts': "import { keys } from '../table/keys.ts';",
      'shared/points/pending.ts': "import { put } from '../table/writes.ts';",
      'shared/points/rules.ts': "import type { Write } from '../table/commit.ts';",
      'functions/announcer/on-table-change.ts': "import { query } from '../../shared/table/client.ts';",
    },
    advice: "move the rest into the domain's store.ts",
    neighbour: {
      'shared/orders/store.ts': "import { query } from '../table/client.ts';",
      'shared/orders/orders.ts': "import { exchange, type Decision } from '../table/commit.ts';",
      'shared/http/cursor.ts': "import type { Key } from '../table/keys.ts';",
    },
  },
  {
    rule: 'DynamoDB is spoken in few places',
    breach: {
      'shared/orders/orders.ts': "import { unmarshall } from '@aws-sdk/util-dynamodb';",
      'tests/orders/store.test.ts': "import { DynamoDBClient } from '@aws-sdk/client-dynamodb';",
      'bin/seed.ts': "import { DynamoDBClient } from '@aws-sdk/client-dynamodb';",
    },
    advice: 'ask one of these',
    neighbour: {
      'shared/orders/store.ts': "import { unmarshall } from '@aws-sdk/util-dynamodb';",
      'tests/support/table.ts': "import { DynamoDBClient } from '@aws-sdk/client-dynamodb';",
      'bin/bench/meter.ts': "import { DynamoDBClient } from '@aws-sdk/client-dynamodb';",
      'infra/stacks/data.ts': "import { TableV2 } from 'aws-cdk-lib/aws-dynamodb';",
    },
  },
  {
    rule: 'a domain has its README',
    breach: { 'shared/tiers/contract.ts': "export const tiers = contract('tiers', {});" },
    advice: 'one page with its nouns',
    neighbour: { 'shared/tiers/contract.ts': '', 'shared/tiers/README.md': '# Tiers' },
  },
  {
    rule: 'functions are named after contracts',
    breach: { 'functions/mailer/api.ts': '', 'functions/tiers/api.ts': '' },
    advice: 'give the function to the domain that answers for it',
    neighbour: {
      'functions/points/api.ts': '',
      'functions/payments/api.ts': '',
      'functions/authorizer/member.ts': '',
      'shared/orders/contract.ts':
        "export const orders = contract('orders', {});\nexport const p = contract('payments', {});",
    },
  },
  {
    rule: 'zod comes whole',
    breach: {
      'shared/orders/contract.ts': "import { z } from 'zod';",
      'shared/http/fields.ts': "import * as z from 'zod/v4';",
      'bin/openapi.ts': "import z from 'zod';",
    },
    advice: "Write `import * as z from 'zod'`",
    neighbour: {
      'shared/http/fields.ts': "import type { ZodType } from 'zod';",
      'bin/openapi.ts': "import { createDocument } from 'zod-openapi';",
    },
  },
  {
    rule: 'one clock',
    breach: {
      'shared/orders/orders.ts': 'const at = Date.now();',
      'functions/points/on-year-end.ts': 'const at = new Date();',
      'shared/platform/ids.ts': 'const at = Temporal.Now.instant();',
    },
    advice: 'take the instant from there',
    neighbour: {
      'shared/orders/orders.ts': 'const at = new Date(order.placedAt); // not Date.now()',
      'bin/seed.ts': 'const at = Date.now();',
    },
  },
  {
    rule: 'one environment',
    breach: {
      'shared/table/client.ts': "const table = process.env['TABLE'];",
      'functions/platform/api.ts': 'const { TABLE } = process.env;',
    },
    advice: 'take the setting from there',
    neighbour: {
      'shared/table/client.ts': 'const at = process.hrtime();',
      'infra/stages.ts': "const stage = process.env['STAGE'];",
    },
  },
  {
    rule: 'no barrel files',
    breach: { 'shared/orders/index.ts': '' },
    advice: 'name this one after what it says',
    neighbour: { 'shared/orders/indexes.ts': '' },
  },
  {
    rule: 'no barrel lines',
    breach: {
      'infra/all.ts': "export * from './stages.ts';",
      'shared/orders/all.ts': "export * as all from './orders.ts';",
    },
    advice: 'import from the file that says it',
    neighbour: { 'infra/all.ts': "export { stages } from './stages.ts';\n// export * is a barrel" },
  },
  {
    rule: 'a name says what it names',
    breach: { 'shared/orders/utils.ts': '', 'tests/support/helpers.ts': '', 'infra/manager.ts': '' },
    advice: 'name the file after the noun it knows',
    neighbour: { 'infra/constructs/service-function.ts': '', 'infra/local/secrets-manager.ts': '' },
  },
  {
    rule: 'kebab-case',
    breach: { 'shared/orders/afterSales.ts': '', 'infra/Stages.ts': '', 'tests/orders_flow.test.ts': '' },
    advice: 'a hyphen between words',
    neighbour: {
      'shared/orders/after-sales.ts': '',
      'tests/orders/after-sales.test.ts': '',
      'tests/orders/crowd.soak.ts': '',
    },
  },
  {
    rule: 'classes are errors',
    breach: {
      'shared/orders/orders.ts': 'export class Order {}',
      'functions/orders/api.ts': 'class Handler extends Base<Event> {\n}',
      'shared/points/points.ts': 'export const Account = class {};',
    },
    advice: 'write functions over plain values',
    neighbour: {
      'shared/orders/orders.ts': 'export class Closed extends Error {}\nconst row = { class: 1 }; row.class = 2;',
      'shared/points/points.ts': "const says = 'a class of its own {'; /* class Foo {} */",
    },
  },
  {
    rule: 'classes of infra are constructs',
    breach: { 'infra/local/bus.ts': 'export class Bus {}', 'infra/stages.ts': 'class Stage extends Map {}' },
    advice: 'In infra a class extends Stack, Construct',
    neighbour: {
      'infra/local/bus.ts': 'export class Closed extends Error {}',
      'infra/stages.ts': 'export class Data extends cdk.Stack {\n}\nclass Service extends NodejsFunction {}',
    },
  },
  {
    rule: 'a file is one page',
    breach: { 'shared/orders/orders.ts': 'export {};\n'.repeat(251), 'bin/local.ts': '\n'.repeat(250) + 'export {};' },
    advice: 'make it two',
    neighbour: {
      'shared/errors.ts': 'export {};\n'.repeat(251),
      'shared/orders/orders.ts': 'export {};\n'.repeat(250),
      'tests/orders/api.test.ts': '\n'.repeat(999),
    },
  },
];
