import { randomUUID } from 'node:crypto';
import { TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { client } from '../../shared/table/client.ts';
import { insert, read, write } from './naive.ts';
import { changed, keyOf, type Stored, stored } from './naive-documents.ts';

/*
 * Logins as one writes them first: a row for the user, one that finds it by phone, one for the code, and one for the
 * session, which every request looks up.
 */

/** A code for this phone, as it lies there. */
export async function naiveCode(phone: string): Promise<void> {
  await write(insert({ ...keyOf('CODE', phone), code: '123456', version: 1 }));
}

/** Uses the code, finds the user or makes them, and opens a session. */
export async function naiveLogIn(phone: string): Promise<string> {
  await write(changed(await stored('CODE', phone)));
  const known = await read<Stored & { user: string }>(keyOf('PHONE', phone));
  const user = known?.user ?? randomUUID();
  if (known) await stored('USER', user);
  else {
    const made = [
      insert({ ...keyOf('USER', user), phone, version: 1 }),
      insert({ ...keyOf('PHONE', phone), user, version: 1 }),
    ];
    await client.send(new TransactWriteItemsCommand({ TransactItems: made }));
  }
  const session = randomUUID();
  await write(insert({ ...keyOf('SESSION', session), user, version: 1 }));
  return session;
}

/** Finds the session of a request. */
export async function naiveCaller(session: string): Promise<void> {
  await stored('SESSION', session);
}

/** Replaces the token of a session. */
export async function naiveRefresh(session: string): Promise<void> {
  await write(changed(await stored('SESSION', session)));
}
