import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from './data-folder.ts';

/** An object without its bytes. */
export interface About {
  key: string;
  etag: string;
  size: number;
  at: number;
  headers: Record<string, string>;
}

/** Objects in a folder for each bucket, under the digest of their key, with what is known of them beside it. */
export function objectsIn(folder: string) {
  const file = (bucket: string, key: string) =>
    join(folder, 's3', bucket, createHash('sha256').update(key).digest('hex'));
  const aboutIn = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as About;
  return {
    put(bucket: string, key: string, body: Buffer, about: Pick<About, 'at' | 'headers'>): About {
      const whole = { key, etag: `"${createHash('md5').update(body).digest('hex')}"`, size: body.length, ...about };
      mkdirSync(join(folder, 's3', bucket), { recursive: true });
      writeFileSync(file(bucket, key), body);
      writeWhole(`${file(bucket, key)}.json`, JSON.stringify(whole));
      return whole;
    },
    has: (bucket: string, key: string): boolean => existsSync(`${file(bucket, key)}.json`),
    find(bucket: string, key: string): { about: About; body: Buffer } | undefined {
      const path = file(bucket, key);
      if (!existsSync(`${path}.json`)) return undefined;
      return { about: aboutIn(`${path}.json`), body: readFileSync(path) };
    },
    /** Every object of the bucket, by the bytes of its key. */
    list(bucket: string): About[] {
      const path = join(folder, 's3', bucket);
      const names = existsSync(path) ? readdirSync(path).filter((name) => name.endsWith('.json')) : [];
      return names
        .map((name) => aboutIn(join(path, name)))
        .toSorted((one, other) => Buffer.compare(Buffer.from(one.key), Buffer.from(other.key)));
    },
    remove(bucket: string, key: string): void {
      for (const path of [`${file(bucket, key)}.json`, file(bucket, key)]) rmSync(path, { force: true });
    },
  };
}
