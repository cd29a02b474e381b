import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { currentDataKey, dataKeyOf } from './data-keys.ts';

/** `s2`, the month of the data key, and in base64url 12 bytes of nonce, what is sealed, and 16 of tag. */
const FORM = /^s2\.(\d{4}-\d\d)\.([\w-]{38,})$/;

/**
 * Seals something personal (AES-256-GCM under the month's data key) for one place: `place` names item and field, and a
 * sealed text that is moved to another place does not open there.
 */
export async function seal(text: string, place: string): Promise<string> {
  const { month, key } = await currentDataKey();
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(place));
  const body = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `s2.${month}.${body.toString('base64url')}`;
}

/** Opens what `seal` sealed for the same place; anything else throws. */
export async function unseal(sealed: string, place: string): Promise<string> {
  const [, month, body] = FORM.exec(sealed) ?? [];
  if (!month || !body) throw new Error('Not a sealed text of a version that this code knows.');
  const bytes = Buffer.from(body, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', await dataKeyOf(month), bytes.subarray(0, 12));
  decipher.setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8');
}
