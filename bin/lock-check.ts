import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

interface LockEntry {
  integrity?: string;
  resolved?: string;
  inBundle?: boolean;
  link?: boolean;
  optionalDependencies?: Record<string, string>;
}

type Packages = Record<string, LockEntry>;

const ANEW = 'delete node_modules and package-lock.json, then run `npm install`.';

/** What in a `package-lock.json` would break `npm ci` on another machine or tell this one's registry, a sentence each. */
export function lockFaults({ packages = {} }: { packages?: Packages }): string[] {
  if (!packages['']) return ['package-lock.json has no root entry: run `npm install` with npm 10 or newer.'];
  return Object.entries(packages).flatMap(([path, entry]) => {
    const faults: string[] = [];
    if (entry.resolved?.includes('://')) {
      faults.push(
        `${path} names the registry it came from (${entry.resolved}): write the lock file with \`--omit-lockfile-registry-resolved\`.`,
      );
    }
    if (entry.inBundle) return faults;
    if (path !== '' && !entry.link && !entry.integrity) {
      faults.push(`${path} has no "integrity": ${ANEW}`);
    }
    for (const name of Object.keys(entry.optionalDependencies ?? {})) {
      if (isLocked(packages, path, name)) continue;
      faults.push(`${path || 'package.json'} may need ${name}, which has no entry: ${ANEW}`);
    }
    return faults;
  });
}

/** Node looks in the asker's own `node_modules`, then in those of the folders above it. */
function isLocked(packages: Packages, folder: string, name: string): boolean {
  if (packages[`${folder && `${folder}/`}node_modules/${name}`]) return true;
  return folder !== '' && isLocked(packages, folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/'))), name);
}

if (import.meta.main) {
  const path = process.argv[2] ?? fileURLToPath(new URL('../package-lock.json', import.meta.url));
  const faults = lockFaults(JSON.parse(readFileSync(path, 'utf8')) as { packages?: Packages });
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) process.exitCode = 1;
}
