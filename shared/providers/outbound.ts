import { lookup as resolve } from 'node:dns/promises';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import ipaddr from 'ipaddr.js';
import { homeSetting } from '../platform/settings.ts';

/** An address of somebody else's that we were told to call: they may mean us harm by it. */
const PATIENCE_MS = 5_000;
const MOST_BYTES = 64 * 1_024;

/** Whether all the world reaches this address: not private, of a link, of a carrier, of this machine, nor reserved. */
export function isPublic(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';
}

/** What an address is, or why it is not called. A machine that is nobody's cloud may trust one host, by any protocol. */
function read(text: string): { url: URL; trusted: boolean } | { wrong: string } {
  if (!URL.canParse(text)) return { wrong: 'is no address' };
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || url.hash !== '') return { wrong: 'holds more than an address' };
  if (url.hostname === homeSetting('WEBHOOK_TRUSTED_HOST')) return { url, trusted: true };
  return url.protocol === 'https:' ? { url, trusted: false } : { wrong: 'is not https' };
}

/** All addresses of a host; none where nobody knows it, or says so in time. */
function addressesOf(host: string): Promise<{ address: string; family: number }[]> {
  const inTime = sleep(PATIENCE_MS, [], { ref: false });
  return Promise.race([resolve(host, { all: true }).catch(() => []), inTime]);
}

type Place = { address: string; family: number } | { wrong: string };

/** Where a host is: every address that it has must be public, and the first one is called. */
async function placeOf({ hostname }: URL, trusted: boolean): Promise<Place> {
  const bare = hostname.replaceAll(/^\[|\]$/g, '');
  const family = isIP(bare);
  if (trusted && family !== 0) return { address: bare, family };
  const all = family === 0 ? await addressesOf(bare) : [{ address: bare, family }];
  const [first] = all;
  if (!first) return { wrong: 'has no host that is known' };
  return all.every(({ address }) => isPublic(address)) ? first : { wrong: 'leads to where not all the world comes' };
}

/** Why an address is not called; undefined where it is. */
export async function wrongWith(address: string): Promise<string | undefined> {
  const asked = read(address);
  if ('wrong' in asked) return asked.wrong;
  const place = await placeOf(asked.url, asked.trusted);
  return 'wrong' in place ? place.wrong : undefined;
}

export interface Outgoing {
  headers: Record<string, string>;
  body: string;
}

function send({ url, place }: { url: URL; place: { address: string; family: number } }, { headers, body }: Outgoing) {
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const length = Buffer.byteLength(body);
  return new Promise<string>((answered, failed) => {
    const request = send(
      url,
      {
        method: 'POST',
        headers: { ...headers, 'content-length': length },
        agent: false,
        signal: AbortSignal.timeout(PATIENCE_MS),
        // The address that was judged is the one that is called, whatever the name says a moment later.
        lookup: (_, options, found) => (options.all ? found(null, [place]) : found(null, place.address, place.family)),
      },
      (response) => {
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > MOST_BYTES) request.destroy(new Error('The answer has no end.'));
        });
        response.on('end', () => answered(String(response.statusCode)));
        response.on('error', failed);
      },
    );
    request.on('error', failed);
    request.end(body);
  });
}

/**
 * Posts to an address of somebody else's: judged anew each time, called where it was judged to be, within 5 seconds,
 * following nothing and reading no answer. Says the status, or in a word or two why there is none; never throws.
 */
export async function post(address: string, outgoing: Outgoing): Promise<string> {
  const asked = read(address);
  if ('wrong' in asked) return asked.wrong;
  const place = await placeOf(asked.url, asked.trusted);
  if ('wrong' in place) return place.wrong;
  try {
    return await send({ url: asked.url, place }, outgoing);
  } catch (error) {
    const { name, code } = error as { name: string; code?: string };
    return name === 'AbortError' || name === 'TimeoutError' ? 'no answer in time' : (code ?? 'no whole answer');
  }
}
