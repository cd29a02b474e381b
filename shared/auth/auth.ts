import type { Write } from '../table/writes.ts';
import { revoke } from './store.ts';

/**
 * The write by which access tokens die within a minute: those of a session, or all that a subject has at this instant.
 * It belongs into the list that ends what they stand on.
 */
export function revocationOf(subject: string, at: number): Write {
  return revoke({ subject, at });
}
