import { rotate } from '../../shared/keyring/signing-keys.ts';
import { iso } from '../../shared/platform/clock.ts';
import { logger } from '../../shared/platform/logger.ts';

/**
 * Makes the next key that signs tokens. An operator who invokes it with `{"leaked": true}` ends every key before it at
 * once, and with them every access token.
 */
export async function handler({ leaked = false }: { leaked?: boolean }): Promise<{ seq: number; signsFrom: string }> {
  const { seq, signsFrom } = await rotate({ leaked });
  const made = { seq, signsFrom: iso(signsFrom) };
  logger.info('the next signing key', { ...made, leaked });
  return made;
}
