import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDemo } from '../../infra/local/demo.ts';
import { ApiError, type Login } from './api-client.ts';

/** Where the local run that keeps its state there answers, if it has written that down. */
function localApi(data: string): string | undefined {
  try {
    return /^export API='(.+)'$/m.exec(readFileSync(join(data, 'demo.env'), 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}

/**
 * Who calls which API: the environment (`STAFF_ID`, `STAFF_SECRET` or `TILL_ID`, `TILL_SECRET`; `API`) before what the
 * local run wrote into its folder.
 */
export function loginOf(kind: 'staff' | 'till', { api, data }: { api?: string | undefined; data: string }): Login {
  const { env } = process;
  const name = kind.toUpperCase();
  const demo = readDemo(data)?.[kind];
  const clientId = env[`${name}_ID`] ?? demo?.clientId;
  const clientSecret = env[`${name}_SECRET`] ?? demo?.clientSecret;
  const url = api ?? env['API'] ?? localApi(data);
  if (url === undefined) throw new ApiError(`There is no API: start one with npm start, or name it by --api URL.`);
  if (clientId === undefined || clientSecret === undefined) {
    throw new ApiError(`Nobody to call as: set ${name}_ID and ${name}_SECRET, or start a local run with npm start.`);
  }
  return { api: url.replace(/\/+$/, ''), clientId, clientSecret };
}
