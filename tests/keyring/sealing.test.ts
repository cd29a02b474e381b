import { beforeEach, describe, expect, it, vi } from 'vitest';
import { seal, unseal } from '../../shared/keyring/sealing.ts';
import { clock, openMall } from '../support/mall.ts';
import { allItems } from '../support/table.ts';

openMall();

const PLACE = 'member:mem_1:phone';

describe('what is sealed', () => {
  beforeEach(() => clock('2026-11-23T04:00:00.000Z'));

  it.each(['+8613800138000', '', '上海市黄浦区 1 号 😀', 'x'.repeat(10_000)])('opens again: %.20s', async (text) => {
    const sealed = await seal(text, PLACE);
    expect(sealed).toMatch(/^s2\.2026-11\.[\w-]+$/);
    expect(await unseal(sealed, PLACE)).toBe(text);
  });

  it('looks different each time and shows nothing', async () => {
    const [one, other] = [await seal('+8613800138000', PLACE), await seal('+8613800138000', PLACE)];
    expect(one).not.toBe(other);
    expect(Buffer.from(one.slice(11), 'base64url').toString('latin1')).not.toContain('13800138000');
  });

  it('does not open in another place', async () => {
    const sealed = await seal('secret', PLACE);
    for (const place of ['member:mem_2:phone', 'member:mem_1:name', '', `${PLACE} `]) {
      await expect(unseal(sealed, place)).rejects.toThrow();
    }
  });

  it('does not open when any byte of it was changed', async () => {
    const sealed = await seal('secret', PLACE);
    const bytes = Buffer.from(sealed.slice(11), 'base64url');
    for (let i = 0; i < bytes.length; i += 1) {
      const tampered = Buffer.from(bytes);
      tampered.writeUInt8((bytes[i] ?? 0) ^ 1, i);
      await expect(unseal(`s2.2026-11.${tampered.toString('base64url')}`, PLACE), String(i)).rejects.toThrow();
    }
  });

  it('does not open when it was cut, or is of another version, or is nothing', async () => {
    const sealed = await seal('a longer secret', PLACE);
    const cut = [4, 8, 15, 16, 20, 28].map((bytes) => {
      const all = Buffer.from(sealed.slice(11), 'base64url');
      return `s2.2026-11.${all.subarray(0, all.length - bytes).toString('base64url')}`;
    });
    for (const text of [...cut, sealed.replace('s2', 's1'), '', 's2', 's2.2026-11.', 'secret']) {
      await expect(unseal(text, PLACE), text).rejects.toThrow();
    }
  });
});

/** What a container that has just started makes of it: it knows no data key yet. */
async function inAnotherContainer() {
  vi.resetModules();
  return import('../../shared/keyring/sealing.ts');
}

const dataKeys = async () => (await allItems()).filter(({ pk }) => pk === 'DATA-KEYS');

describe('a data key', () => {
  it('is one a month, however many containers are the first to seal in it', async () => {
    clock('2026-12-01T00:00:00.000Z');
    const containers = await Promise.all(Array.from({ length: 8 }, () => inAnotherContainer()));
    const sealed = await Promise.all(containers.map((one, i) => one.seal(`secret ${i}`, PLACE)));
    expect((await dataKeys()).filter(({ sk }) => sk === '2026-12')).toHaveLength(1);
    const other = await inAnotherContainer();
    expect(await Promise.all(sealed.map((text) => other.unseal(text, PLACE)))).toEqual(
      containers.map((_, i) => `secret ${i}`),
    );
  });

  it('opens what was sealed in an earlier month', async () => {
    clock('2027-05-31T23:59:59.999Z');
    const sealed = await seal('May', PLACE);
    clock('2027-06-01T00:00:00.000Z');
    expect(await unseal(sealed, PLACE)).toBe('May');
    expect(await seal('June', PLACE)).toMatch(/^s2\.2027-06\./);
  });

  it('lies wrapped in the table: nothing there opens a sealed text', async () => {
    for (const { wrapped } of await dataKeys()) expect((wrapped as Uint8Array).length).toBeGreaterThan(60);
  });

  it('that KMS does not unwrap opens nothing, and is asked for again the next time', async () => {
    const sealed = await seal('secret', PLACE);
    const other = await inAnotherContainer();
    const named = process.env['DATA_KEY'];
    vi.stubEnv('DATA_KEY', 'key/Stranger');
    await expect(other.unseal(sealed, PLACE)).rejects.toThrow();
    vi.stubEnv('DATA_KEY', named);
    expect(await other.unseal(sealed, PLACE)).toBe('secret');
  });

  it('that is not there says so', async () => {
    const sealed = await seal('secret', PLACE);
    await expect(unseal(sealed.replace(/^s2\.\d{4}-\d\d/, 's2.1999-01'), PLACE)).rejects.toThrow(
      'no data key of 1999-01',
    );
  });
});
