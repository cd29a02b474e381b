import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readDemo } from '../../infra/local/demo.ts';
import type { Access } from './api.ts';
import { isZone } from './instants.ts';
import { messageOf, Stop } from './stop.ts';

export const USAGE = `npm run import -- PURCHASES.csv RETURNS.csv [--api URL] [--concurrency 8] [--time-zone Asia/Shanghai] [--data .local]
  Reports every line to the API as a till would, history at its own time. Again, or after a stop: what is known changes nothing.
  --api          another API than that of the local run; then IMPORTER_ID and IMPORTER_SECRET name a client of it
                 with the scopes purchases:write and purchases:backfill
  --concurrency  how many customers are served at once, 1 to 64
  --time-zone    of the days and times in the files: the programme's
  --data         the data folder of the local run
Ends with 0 when every line is in, 1 when lines were refused, 2 when it could not go on.`;

export interface Options {
  purchases: string;
  returns: string;
  concurrency: number;
  zone: string;
  access: Access;
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const options = { api: text, concurrency: text, 'time-zone': text, data: text, help: { type: 'boolean' } } as const;
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (thrown) {
    throw new Stop(`${messageOf(thrown)}\n${USAGE}`);
  }
}

type Environment = Record<string, string | undefined>;

/** The local run's own client, unless the environment names one. */
function accessOf(api: string | undefined, data: string, environment: Environment): Access {
  const { IMPORTER_ID: clientId, IMPORTER_SECRET: clientSecret } = environment;
  const own = clientId && clientSecret ? { clientId, clientSecret } : undefined;
  if (api !== undefined) {
    if (!/^https?:\/\/[^/]+\/?$/.test(api)) throw new Stop(`--api ${api} is no address.\n${USAGE}`);
    if (!own) throw new Stop(`For ${api} say who calls: set IMPORTER_ID and IMPORTER_SECRET.`);
    return { ...own, api: api.replace(/\/$/, '') };
  }
  const demo = readDemo(data);
  if (!demo?.api) throw new Stop(`${join(data, 'demo.json')} names no API: run \`npm start\` first, or say --api URL.`);
  const client = own ?? demo.importer;
  if (!client) throw new Stop(`${join(data, 'demo.json')} has no importer: begin anew with \`npm start -- --fresh\`.`);
  return { api: demo.api, clientId: client.clientId, clientSecret: client.clientSecret };
}

/** The command line and the environment; undefined when only help was asked for. */
export function readOptions(args: readonly string[], environment: Environment): Options | undefined {
  const { values, positionals } = parse(args);
  if (values.help) return undefined;
  const [purchases, returns, ...others] = positionals;
  if (!purchases || !returns || others.length > 0) throw new Stop(`Two files are imported together.\n${USAGE}`);
  const { concurrency = '8', 'time-zone': zone = 'Asia/Shanghai', data = '.local', api } = values;
  const customers = Number(concurrency);
  if (!/^\d+$/.test(concurrency) || customers < 1 || customers > 64) {
    throw new Stop(`--concurrency ${concurrency} is not 1 to 64.\n${USAGE}`);
  }
  if (!isZone(zone)) throw new Stop(`--time-zone ${zone} is unknown here.`);
  return { purchases, returns, concurrency: customers, zone, access: accessOf(api, data, environment) };
}
