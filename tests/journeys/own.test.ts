import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { png } from '../support/pictures.ts';
import { runMall } from '../support/running.ts';

const held = runMall();

describe('a member’s own, over HTTP, from the template', () => {
  it('has a profile with a picture, an address that an order goes to, and a consent that is taken back', async () => {
    const { token } = await held.mall.logIn('13700137001');
    const send = (method: string, path: string, body?: unknown) =>
      held.mall.send(method, path, { token, ...(body !== undefined && { body }), key: randomUUID() });
    await send('POST', '/v1/me/consents', { purpose: 'PROFILE', version: '2026-11', granted: true });
    const facts = { nickname: '小茶', birthday: '1990-05-04', gender: 'FEMALE', region: '330100' };
    expect(await send('PATCH', '/v1/me/profile', facts)).toMatchObject({ status: 200, body: facts });

    const { body } = await send('POST', '/v1/me/avatar/uploads', { contentType: 'image/png' });
    const { url, fields, uploadId } = body as { url: string; fields: Record<string, string>; uploadId: string };
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set('file', new Blob([Uint8Array.from(png())]), 'me.png');
    expect((await fetch(url, { method: 'POST', body: form })).status).toBe(204);
    expect((await send('PUT', '/v1/me/avatar', { uploadId })).status).toBe(204);
    const { avatar } = (await send('GET', '/v1/me/profile')).body as { avatar: { url: string } };
    const picture = await fetch(avatar.url);
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect(Buffer.from(await picture.arrayBuffer())).toEqual(png());

    const home = { recipient: '王五', phone: '13800138000', address: '杭州市西湖区 1 号' };
    const added = await send('POST', '/v1/me/addresses', home);
    expect(added).toMatchObject({ status: 201, body: { recipient: '王五', isDefault: true } });
    await send('POST', '/v1/me/consents', { purpose: 'PROFILE', version: '2026-11', granted: false });
    expect((await send('GET', '/v1/me/profile')).body).toMatchObject({
      nickname: '小茶',
      birthday: null,
      region: null,
    });
    expect((await send('DELETE', '/v1/me/avatar')).status).toBe(204);
    expect((await fetch(avatar.url)).status).toBe(404);
    expect(await held.mall.violations()).toEqual([]);
  });
});
