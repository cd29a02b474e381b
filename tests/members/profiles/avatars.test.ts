import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { avatarsContract } from '../../../shared/members/profiles/avatars-contract.ts';
import { newId } from '../../../shared/platform/ids.ts';
import { deleteObject, readObject } from '../../../shared/providers/objects.ts';
import { asMember, type CallOptions, call } from '../../support/call.ts';
import { clock, openMall } from '../../support/mall.ts';
import { jpeg, png, telling, webp } from '../../support/pictures.ts';
import { allItems, beforeWrite, losingReplies } from '../../support/table.ts';
import { own, told, violations } from './own.ts';

const START = '2026-11-23T04:00:00.000Z';
openMall({ at: START });
beforeEach(() => clock(START));

const someone = () => newId('mem');
const ask = (memberId: string, name: keyof typeof avatarsContract.rows, options: CallOptions = {}) =>
  call(avatarsContract, name, { as: asMember(memberId), ...options });

interface Form {
  uploadId: string;
  url: string;
  fields: Record<string, string>;
}

async function formOf(memberId: string, contentType = 'image/png', key: string = randomUUID()): Promise<Form> {
  const { status, body } = await ask(memberId, 'upload', { body: { contentType }, key });
  expect(status).toBe(201);
  return body as unknown as Form;
}

/** Posts the form as a browser does. */
async function post({ url, fields }: Form, bytes: Uint8Array, change: Record<string, string> = {}): Promise<number> {
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...fields, ...change })) form.set(name, value);
  form.set('file', new Blob([Buffer.from(bytes)]), 'me.png');
  return (await fetch(url, { method: 'POST', body: form })).status;
}

async function uploaded(memberId: string, bytes: Uint8Array, contentType = 'image/png'): Promise<string> {
  const form = await formOf(memberId, contentType);
  expect(await post(form, bytes)).toBe(204);
  return form.uploadId;
}

const set = (memberId: string, uploadId: string) => ask(memberId, 'set', { body: { uploadId } });

async function shown(memberId: string): Promise<{ bytes: Buffer; type: string | null } | null> {
  const { avatar } = (await own(memberId)('read')).body as { avatar: { url: string } | null };
  if (!avatar) return null;
  const answer = await fetch(avatar.url);
  expect(answer.status).toBe(200);
  return { bytes: Buffer.from(await answer.arrayBuffer()), type: answer.headers.get('content-type') };
}

describe('POST /v1/me/avatar/uploads', () => {
  it('201 gives a form for one picture of this type and size, for ten minutes', async () => {
    const memberId = someone();
    const { body } = await ask(memberId, 'upload', { body: { contentType: 'image/png' } });
    expect(body).toMatchObject({ maxBytes: 2_097_152, expiresAt: '2026-11-23T04:10:00.000Z' });
    const form = body as unknown as Form;
    expect(form.fields['key']).toBe(`incoming/${memberId}/${form.uploadId}`);
    expect(await post(form, png(), { 'Content-Type': 'text/html' })).toBe(403);
    expect(await post(form, png(), { key: `avatars/${memberId}` })).toBe(403);
    expect(await post(form, Buffer.alloc(0))).toBe(400);
    expect(await post(form, Buffer.alloc(2_097_153))).toBe(400);
    expect(await post(form, png())).toBe(204);
    clock('2026-11-23T04:10:01.000Z');
    expect(await post(form, png())).toBe(403);
  });

  it('201 is the same upload under the same key, and nobody else’s', async () => {
    const memberId = someone();
    const [one, again] = [await formOf(memberId, 'image/png', 'k'), await formOf(memberId, 'image/png', 'k')];
    expect(again.uploadId).toBe(one.uploadId);
    expect((await formOf(memberId, 'image/webp', 'k')).uploadId).not.toBe(one.uploadId);
    expect((await formOf(someone(), 'image/png', 'k')).uploadId).not.toBe(one.uploadId);
  });

  it('400 request.invalid for another type', async () => {
    expect(told(await ask(someone(), 'upload', { body: { contentType: 'image/svg+xml' } }))).toBe(
      '400 request.invalid',
    );
  });
});

describe('PUT /v1/me/avatar', () => {
  it.each([
    ['image/png', png(4_096, 1)],
    ['image/jpeg', jpeg(640, 480)],
    ['image/webp', webp(100, 4_096)],
  ])('204 makes an uploaded %s the member’s, shown by a link of ten minutes', async (type, bytes) => {
    const memberId = someone();
    expect(told(await set(memberId, await uploaded(memberId, bytes, type)))).toBe('204');
    expect(await shown(memberId)).toEqual({ bytes, type });
    const { avatar } = (await own(memberId)('read')).body as { avatar: { url: string; expiresAt: string } };
    expect(avatar.expiresAt).toBe('2026-11-23T04:10:00.000Z');
    expect((await fetch(avatar.url.split('?')[0] ?? '')).status).toBe(403);
    clock('2026-11-23T04:10:01.000Z');
    expect((await fetch(avatar.url)).status).toBe(403);
    expect(await violations()).toEqual([]);
  });

  it.each([
    ['TYPE', 'no picture', 'image/png', Buffer.from('<html><script>alert(1)</script>')],
    ['TYPE', 'a PNG that was sent as a JPEG', 'image/jpeg', png()],
    ['TYPE', 'a GIF', 'image/png', Buffer.from('GIF89a\u0002\u0000\u0002\u0000')],
    ['TYPE', 'the first bytes of a PNG', 'image/png', png().subarray(0, 8)],
    ['TYPE', 'a JPEG without a frame', 'image/jpeg', jpeg().subarray(0, 20)],
    ['TYPE', 'a PNG without its end', 'image/png', png().subarray(0, -12)],
    ['TYPE', 'a WebP that is shorter than it says', 'image/webp', telling('image/webp').subarray(0, -9)],
    ['TYPE', 'one byte', 'image/png', Buffer.from([0x89])],
    ['PIXELS', 'a picture of 4,097 pixels', 'image/png', png(1, 4_097)],
    ['PIXELS', 'a picture of no pixels', 'image/png', png(0, 1)],
  ])('422 members.picture_invalid (%s) for %s, and the one before stays', async (why, _, type, bytes) => {
    const memberId = someone();
    await set(memberId, await uploaded(memberId, png()));
    const refused = await set(memberId, await uploaded(memberId, bytes, type));
    expect([told(refused), refused.body.why]).toEqual(['422 members.picture_invalid', why]);
    expect((await shown(memberId))?.bytes).toEqual(png());
  });

  it.each(['image/jpeg', 'image/png', 'image/webp'] as const)('shows of a %s no place and no camera', async (type) => {
    const memberId = someone();
    expect(told(await set(memberId, await uploaded(memberId, telling(type), type)))).toBe('204');
    const text = (await shown(memberId))?.bytes.toString('latin1') ?? '';
    expect(text).toMatch(type === 'image/png' ? /iCCP/ : /ICC-PROFILE-OF-TESTS/);
    expect(text).not.toContain('CANARY');
    // A camera's picture stays as it was turned.
    expect(text.includes('Exif')).toBe(type === 'image/jpeg');
  });

  it('404 members.upload_not_found before the file has arrived, and for another member’s', async () => {
    const [memberId, other] = [someone(), someone()];
    const { uploadId } = await formOf(memberId);
    const foreign = await uploaded(other, png());
    expect([told(await set(memberId, uploadId)), told(await set(memberId, foreign))]).toEqual([
      '404 members.upload_not_found',
      '404 members.upload_not_found',
    ]);
    expect(await shown(memberId)).toBeNull();
  });

  it('shows what was checked, though the form puts other bytes in its place afterwards', async () => {
    const memberId = someone();
    const form = await formOf(memberId);
    await post(form, png());
    await set(memberId, form.uploadId);
    expect(await post(form, Buffer.from('<script>'))).toBe(204);
    expect((await shown(memberId))?.bytes).toEqual(png());
    expect(told(await set(memberId, form.uploadId))).toBe('422 members.picture_invalid');
  });

  it('204 again and again, also when the upload is forgotten by then; it is written once', async () => {
    const memberId = someone();
    const uploadId = await uploaded(memberId, png());
    const lost = losingReplies();
    expect(told(await set(memberId, uploadId))).toBe('204');
    lost.mockRestore();
    expect(told(await set(memberId, uploadId))).toBe('204');
    await deleteObject(`incoming/${memberId}/${uploadId}`);
    expect(told(await set(memberId, uploadId))).toBe('204');
    const item = (await allItems()).find(({ pk }) => pk === `MEMBER#${memberId}`);
    expect(item).toMatchObject({ version: 1, avatar: { uploadId } });
  });

  it('keeps what is said in the profile meanwhile', async () => {
    const memberId = someone();
    const uploadId = await uploaded(memberId, png());
    const spy = beforeWrite(async () => void (await own(memberId)('change', { body: { nickname: 'a' } })));
    await set(memberId, uploadId);
    spy.mockRestore();
    expect((await own(memberId)('read')).body).toMatchObject({ nickname: 'a', avatar: { url: expect.any(String) } });
    await own(memberId)('change', { body: { nickname: 'b' } });
    expect((await own(memberId)('read')).body).toMatchObject({ nickname: 'b', avatar: { url: expect.any(String) } });
  });
});

describe('DELETE /v1/me/avatar', () => {
  it('204 takes the picture away with its bytes, and again 204', async () => {
    const memberId = someone();
    await own(memberId)('change', { body: { nickname: 'a' } });
    await set(memberId, await uploaded(memberId, png()));
    expect(told(await ask(memberId, 'remove'))).toBe('204');
    expect(await readObject(`avatars/${memberId}`)).toBeUndefined();
    expect((await own(memberId)('read')).body).toMatchObject({ nickname: 'a', avatar: null });
    expect(told(await ask(memberId, 'remove'))).toBe('204');
    expect(told(await ask(someone(), 'remove'))).toBe('204');
  });
});
