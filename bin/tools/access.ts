import { join } from 'node:path';
import { readDemo } from '../../infra/local/demo.ts';
import type { Access } from './api.ts';
import { Stop } from './stop.ts';

/** Who of those that the seed makes calls where nobody is named. */
type Who = 'staff' | 'importer';

interface Given {
  /** Another API than the local run's. */
  api?: string | undefined;
  /** The data folder of the local run. */
  data: string;
}

/**
 * Which API is called, and as whom. The environment names them (`API`, and `STAFF_ID` and `STAFF_SECRET` or the same of
 * `IMPORTER`), or else the local run's own are taken; the local secrets never go to an API that was named.
 */
export function accessOf(who: Who, { api, data }: Given, environment: Record<string, string | undefined>): Access {
  const name = who.toUpperCase();
  const { [`${name}_ID`]: clientId, [`${name}_SECRET`]: clientSecret } = environment;
  const own = clientId && clientSecret ? { clientId, clientSecret } : undefined;
  const url = api ?? environment['API'];
  if (url !== undefined) {
    if (!/^https?:\/\/[^/]+\/?$/.test(url)) throw new Stop(`${url} is no address of an API, like https://example.com.`);
    if (!own) throw new Stop(`For ${url} say who calls: set ${name}_ID and ${name}_SECRET.`);
    return { ...own, api: url.replace(/\/$/, '') };
  }
  const demo = readDemo(data);
  const kept = join(data, 'demo.json');
  if (!demo?.api) throw new Stop(`${kept} names no API: run \`npm start\` first, or say --api URL.`);
  const client = own ?? demo[who];
  if (!client) throw new Stop(`${kept} has no ${who}: begin anew with \`npm start -- --fresh\`.`);
  return { api: demo.api, clientId: client.clientId, clientSecret: client.clientSecret };
}
