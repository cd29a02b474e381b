import { DecryptCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { iso, now } from '../platform/clock.ts';
import { setting } from '../platform/settings.ts';
import { get, inTime } from '../table/client.ts';
import { exchange } from '../table/commit.ts';
import { keys } from '../table/keys.ts';
import { put } from '../table/writes.ts';

/** The key of one month, as the table keeps it: wrapped by KMS, and of no use to who has the table alone. */
interface DataKey {
  /** `2026-11`, by UTC. */
  month: string;
  wrapped: Uint8Array;
  createdAt: number;
}

let client: KMSClient | undefined;

/** Made when it is first needed, so that a function which never seals has no KMS in its bundle. */
function kms(): KMSClient {
  client ??= new KMSClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 500, requestTimeout: 1_000, throwOnRequestTimeout: true },
  });
  return client;
}

/** What KMS binds a wrapped key to; CloudTrail shows it of every unwrapping. */
const contextOf = (month: string) => ({ purpose: 'points-mall/sealing', month });

async function generate(month: string, createdAt: number): Promise<DataKey> {
  const { CiphertextBlob: wrapped } = await kms().send(
    new GenerateDataKeyCommand({ KeyId: setting('DATA_KEY'), KeySpec: 'AES_256', EncryptionContext: contextOf(month) }),
    inTime(),
  );
  if (!wrapped) throw new Error('KMS made no data key.');
  return { month, wrapped, createdAt };
}

async function unwrap({ month, wrapped }: DataKey): Promise<Uint8Array> {
  const { Plaintext } = await kms().send(
    new DecryptCommand({ KeyId: setting('DATA_KEY'), CiphertextBlob: wrapped, EncryptionContext: contextOf(month) }),
    inTime(),
  );
  if (Plaintext?.length !== 32) throw new Error(`The data key of ${month} does not open to 32 bytes.`);
  return Plaintext;
}

/** The month's key out of the table; the first who seals in a month makes it, however many are first at once. */
async function findOrMake(month: string): Promise<DataKey> {
  const { answer } = await exchange<DataKey>(async ({ at, reading }) => {
    const found = await get<DataKey>(keys.dataKey(month), reading);
    if (found) return { writes: [], answer: found };
    const made = await generate(month, at);
    const item = { ...keys.dataKey(month), type: 'data-key', v: 1, ...made };
    return { writes: [put(item, 'table.conflict')], answer: made };
  });
  return answer;
}

async function find(month: string): Promise<DataKey> {
  const found = await get<DataKey>(keys.dataKey(month));
  if (!found) throw new Error(`There is no data key of ${month}: what was sealed under it cannot be opened.`);
  return found;
}

const opened = new Map<string, Promise<Uint8Array>>();

/** Unwrapped once per container; a failure is not remembered. */
function remembered(month: string, wrapped: () => Promise<DataKey>): Promise<Uint8Array> {
  const known = opened.get(month);
  if (known) return known;
  const opening = wrapped().then(unwrap);
  opened.set(month, opening);
  opening.catch(() => opened.delete(month));
  return opening;
}

/** The key under which is sealed now, and the month that names it. */
export async function currentDataKey(): Promise<{ month: string; key: Uint8Array }> {
  const month = iso(now()).slice(0, 7);
  return { month, key: await remembered(month, () => findOrMake(month)) };
}

/** The key of the month under which something was sealed. */
export function dataKeyOf(month: string): Promise<Uint8Array> {
  return remembered(month, () => find(month));
}
