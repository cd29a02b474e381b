import { type Archived, digestOfItem, isAppended, writtenAt } from './archive.ts';
import type { Invariant, Report } from './findings.ts';
import type { Item } from './item.ts';

/** What was written may be so long on its way to the archive while what was written after it is there already. */
const ON_ITS_WAY_MS = 15 * 60_000;

const invariantOf = (key: string): Invariant => (key.startsWith('AUDIT#') ? 'INV-25' : 'INV-5');

/** Whether the archive has gone on past this item, on its chain or at all. */
function isDue({ heads, newest }: Archived, item: Item): boolean {
  return item.sk < (heads.get(item.pk) ?? '') || writtenAt(item) + ON_ITS_WAY_MS < newest;
}

/** The table against what was copied out of it as it was written: what it forgot, and what it now says otherwise. */
export function checkArchive(items: readonly Item[], archived: Archived, report: Report): void {
  for (const { key, detail } of archived.broken) report(invariantOf(key), key, detail);
  const appended = new Map(items.filter(isAppended).map((item) => [item.key, item]));
  for (const [key, digest] of archived.digests) {
    const item = appended.get(key);
    if (!item) report(invariantOf(key), key, 'is in the archive, and no longer in the table');
    else if (digestOfItem(item) !== digest) report(invariantOf(key), key, 'is not what was archived');
  }
  for (const [key, item] of appended) {
    if (!archived.digests.has(key) && isDue(archived, item))
      report(invariantOf(key), key, 'is in the table, and the archive has only what came later');
  }
}
