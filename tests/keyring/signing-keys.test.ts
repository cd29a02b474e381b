import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { handler as onKeyRotation } from '../../functions/authorizer/on-key-rotation.ts';
import { publicKeys, signingKey } from '../../shared/keyring/signing-keys.ts';
import { clock, openMall } from '../support/mall.ts';
import { allItems } from '../support/table.ts';

openMall({ at: '2026-11-01T00:00:00.000Z' });

/** A container that has just started: what it knows it has read. */
async function container() {
  vi.resetModules();
  const { publicKey, publicKeys: all, signingKey: current } = await import('../../shared/keyring/signing-keys.ts');
  const { issueToken, readToken } = await import('../../shared/http/tokens.ts');
  const issue = () => issueToken({ audience: 'member', subject: 'mem_1', grants: [], lifetimeSeconds: 900 });
  return { publicKey, all, current, issue, reads: (token: string) => readToken(token, ['member'], async () => false) };
}

/** As the scheduler does it: on a machine that is busy, again. */
const rotated = () => onKeyRotation({}).catch(() => onKeyRotation({}));
const rows = async () => (await allItems()).filter(({ pk }) => pk === 'SIGNING-KEYS');
const kidNow = async () => (await (await container()).current()).kid;

// In this order, for there is a first key but once.
describe('signing keys', { shuffle: false }, () => {
  describe('the first key', () => {
    it('is made by the first token, once, however many containers are first', async () => {
      const containers = await Promise.all(Array.from({ length: 6 }, () => container()));
      const tokens = await Promise.all(containers.map((one) => one.issue()));
      expect(await rows()).toHaveLength(1);
      const other = await container();
      for (const token of tokens) expect(await other.reads(token)).toMatchObject({ kind: 'member', id: 'mem_1' });
    });

    it('is a pair on P-256, of which only the public half lies in clear', async () => {
      const { kid, privateJwk } = await signingKey();
      const [published] = await publicKeys();
      expect(published?.kid).toBe(kid);
      expect(published?.publicJwk).not.toHaveProperty('d');
      const privateKey = createPrivateKey({ key: { ...privateJwk }, format: 'jwk' });
      const publicKey = createPublicKey({ key: { ...published?.publicJwk }, format: 'jwk' });
      const mark = sign('sha256', Buffer.from('text'), privateKey);
      expect(verify('sha256', Buffer.from('text'), publicKey, mark)).toBe(true);
      expect(JSON.stringify(await rows())).not.toContain(privateJwk.d);
    });
  });

  describe('a rotation', () => {
    let day = 1;
    beforeEach(() => {
      day += 2;
      clock(`2026-12-${String(day).padStart(2, '0')}T03:00:00.000Z`);
    });
    const after = (minutes: number) => clock(new Date(Date.now() + minutes * 60_000).toISOString());

    it('makes a key that is published at once and signs in ten minutes', async () => {
      const before = await kidNow();
      await onKeyRotation({});
      const published = (await (await container()).all()).map(({ kid }) => kid);
      expect(published).toContain(before);
      expect(await kidNow()).toBe(before);
      after(10);
      expect(await kidNow()).toBe(published[0]);
    });

    it('logs nobody out: what the key before it signed is good until it has expired', async () => {
      const token = await (await container()).issue();
      await onKeyRotation({});
      after(14);
      const other = await container();
      expect(await other.issue()).not.toBe(token);
      expect(await other.reads(token)).toMatchObject({ kind: 'member' });
      after(1);
      expect(await other.reads(token)).toEqual({ problem: 'auth.token_expired' });
    });

    it('is known to a container that has read the keys before it', async () => {
      const old = await container();
      await old.reads(await old.issue());
      await onKeyRotation({});
      after(10);
      const token = await (await container()).issue();
      expect(await old.reads(token)).toMatchObject({ kind: 'member' });
    });

    it('that comes twice makes one key', async () => {
      const first = await onKeyRotation({});
      const count = (await rows()).length;
      expect(await onKeyRotation({})).toEqual(first);
      expect(await rows()).toHaveLength(count);
    });

    it('by two at once makes one key', async () => {
      const count = (await rows()).length;
      const made = await Promise.all([rotated(), rotated()]);
      expect(made[0]).toEqual(made[1]);
      expect(await rows()).toHaveLength(count + 1);
    });

    it('has the table forget the key before it two days after the next one signs', async () => {
      const before = await kidNow();
      await onKeyRotation({});
      const signsFrom = Date.now() + 10 * 60_000;
      const forgotten = (await rows()).find(({ kid }) => kid === before);
      expect(forgotten).toMatchObject({ expiresAtEpoch: signsFrom / 1_000 + 2 * 86_400 });
    });

    it('publishes no key after those two days, though the table still has it', async () => {
      const [before, today] = [await kidNow(), new Date().toISOString()];
      await onKeyRotation({});
      clock(new Date(Date.now() + 10 * 60_000 + 2 * 86_400_000 + 1_000).toISOString());
      expect((await rows()).map(({ kid }) => kid)).toContain(before);
      expect((await (await container()).all()).map(({ kid }) => kid)).not.toContain(before);
      clock(today);
    });

    it('made up for a year, by a clock that was moved, leaves the tokens of today good', async () => {
      const token = await (await container()).issue();
      const today = new Date().toISOString();
      for (let month = 1; month <= 12; month += 1) {
        clock(`20${26 + day}-${String(month).padStart(2, '0')}-01T03:00:00.000Z`);
        await onKeyRotation({});
      }
      clock(today);
      expect(await (await container()).reads(token)).toMatchObject({ kind: 'member' });
    });

    it('because a key has leaked signs at once, and nothing that was signed before counts', async () => {
      const token = await (await container()).issue();
      const before = await kidNow();
      await onKeyRotation({ leaked: true });
      const other = await container();
      expect(await other.reads(token)).toEqual({ problem: 'auth.token_invalid' });
      expect(await kidNow()).not.toBe(before);
      expect(await other.reads(await other.issue())).toMatchObject({ kind: 'member' });
    });
  });

  describe('a key id that nobody knows', () => {
    it('is looked for once a second, not each time', async () => {
      const one = await container();
      await one.current();
      const passing = vi.spyOn(performance, 'now').mockReturnValue(performance.now());
      expect(await one.publicKey('nobody')).toBeUndefined();
      await onKeyRotation({ leaked: true });
      const made = (await (await container()).current()).kid;
      expect(await one.publicKey(made)).toBeUndefined();
      passing.mockReturnValue(performance.now() + 1_001);
      expect(await one.publicKey(made)).toMatchObject({ kid: made });
      passing.mockRestore();
    });
  });
});
