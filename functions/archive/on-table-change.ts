import { archive } from '../../shared/events/archive.ts';

/** Copies what is appended to the ledger and to the record of what staff do to where nobody changes it. */
export const handler = archive;
