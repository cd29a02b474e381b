import { parseArgs } from 'node:util';
import { accessOf } from '../tools/access.ts';
import type { Access } from '../tools/api.ts';
import { messageOf, Stop } from '../tools/stop.ts';
import { isZone } from './instants.ts';

const SCOPE = 'purchases:write purchases:backfill';

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

/** The command line and the environment; undefined when only help was asked for. */
export function readOptions(
  args: readonly string[],
  environment: Record<string, string | undefined>,
): Options | undefined {
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
  const access = { ...accessOf('importer', { api, data }, environment), scope: SCOPE };
  return { purchases, returns, concurrency: customers, zone, access };
}
