import { describe, expect, it } from 'vitest';
import { permissionsOf } from '../../shared/staff/rules.ts';
import { codeAt, PASSWORD } from '../support/persons.ts';
import { type Answered, runMall, type Sent } from '../support/running.ts';

const held = runMall();
/** The clock does not go back behind what the seed wrote, so the story plays next year. */
const YEAR = new Date().getUTCFullYear() + 1;
const START = Date.parse(`${YEAR}-03-02T01:00:00.000Z`);

interface Person {
  staffId: string;
  userName: string;
  totpSecret: string;
  recoveryCodes: string[];
}

/** The steps tell one story, each going on from the one before. */
describe('staff, from the first secret to four eyes', { shuffle: false }, () => {
  let now = START;
  const people: Record<'ann' | 'bo' | 'cy', Person> = {} as never;
  let memberId = '';
  let approvalId = '';

  const send = (method: string, path: string, sent?: Sent): Promise<Answered> => held.mall.send(method, path, sent);
  const said = ({ status, body }: Answered) => `${status} ${(body.code as string | undefined) ?? ''}`.trim();
  const pass = async (seconds: number) => {
    now += seconds * 1_000;
    await held.mall.clock(new Date(now).toISOString());
  };

  async function enrol(userName: string, invitation: string): Promise<Person> {
    const accepted = await send('POST', '/v1/staff/invitations/accept', { body: { invitation, password: PASSWORD } });
    expect(accepted.status).toBe(200);
    const totpSecret = accepted.body.totpSecret as string;
    const code = codeAt(totpSecret, now);
    const confirmed = await send('POST', '/v1/staff/invitations/confirm', { body: { invitation, code } });
    expect(confirmed.status).toBe(200);
    const { staffId, recoveryCodes } = confirmed.body as unknown as Person;
    return { staffId, userName, totpSecret, recoveryCodes };
  }

  async function logIn({ userName, totpSecret }: Person): Promise<Answered> {
    await pass(60);
    return send('POST', '/v1/staff/sessions', {
      body: { userName, password: PASSWORD, code: codeAt(totpSecret, now) },
    });
  }

  const tokenOf = async (one: Person): Promise<string> => (await logIn(one)).body.accessToken as string;

  it('1. invites the first owner by the secret of the deployment, once', async () => {
    await pass(0);
    const { firstOwnerSecret: secret } = held.mall.demo;
    const first = await send('POST', '/v1/staff/first-owner', { body: { secret, userName: 'ann' } });
    expect(first.status).toBe(201);
    const again = await send('POST', '/v1/staff/first-owner', { body: { secret, userName: 'mallory' } });
    expect(said(again)).toBe('401 staff.first_owner_refused');
    people.ann = await enrol('ann', first.body.invitation as string);
    const { body } = await logIn(people.ann);
    expect(body.permissions).toEqual(permissionsOf(['owner']));
  });

  it('2. lets the only owner invite a second, who has no rights until they are given some', async () => {
    const ann = await tokenOf(people.ann);
    const invited = await send('POST', '/v1/staff/people', { token: ann, body: { userName: 'bo.li' } });
    expect(invited.status).toBe(201);
    people.bo = await enrol('bo.li', invited.body.invitation as string);
    const bo = await tokenOf(people.bo);
    expect(said(await send('GET', '/v1/staff/people', { token: bo }))).toBe('403 auth.forbidden');
    const path = `/v1/staff/people/${people.bo.staffId}/roles`;
    const given = await send('PUT', path, { token: ann, body: { roles: ['owner'], reason: 'Two of us' } });
    expect([given.status, given.body.roles]).toEqual([200, ['owner']]);
  });

  it('3. takes two of them from then on: one proposes the roles of a third, the other approves', async () => {
    const [ann, bo] = [await tokenOf(people.ann), await tokenOf(people.bo)];
    const invited = await send('POST', '/v1/staff/people', { token: bo, body: { userName: 'cy.wu' } });
    people.cy = await enrol('cy.wu', invited.body.invitation as string);
    const path = `/v1/staff/people/${people.cy.staffId}/roles`;
    const body = { roles: ['support'], reason: 'New in the support team' };
    expect(said(await send('PUT', path, { token: ann, body }))).toBe('409 staff.approval_needed');
    const proposed = await send('POST', `${path}/proposals`, { token: ann, body });
    expect(proposed.status).toBe(202);
    const decide = `/v1/approvals/${proposed.body.approvalId as string}/approve`;
    expect(said(await send('POST', decide, { token: ann }))).toBe('409 staff.approval_own');
    const done = await send('POST', decide, { token: bo });
    expect([done.status, done.body.status]).toEqual([200, 'APPROVED']);
    expect((await logIn(people.cy)).body.permissions).toEqual(permissionsOf(['support']));
  });

  it('4. shows support a masked phone, and one in clear with a reason', async () => {
    ({ memberId } = await held.mall.logIn('13900139001'));
    const cy = await tokenOf(people.cy);
    const seen = await send('GET', `/v1/members/${memberId}`, { token: cy });
    expect(seen.body.phone).toBe('+86139****9001');
    const body = { reason: 'The courier cannot find the door' };
    const clear = await send('POST', `/v1/members/${memberId}/unmask`, { token: cy, body });
    expect([clear.status, clear.body.phone]).toEqual([200, '+8613900139001']);
  });

  it('5. lets support adjust a little, and no more than a little', async () => {
    const cy = await tokenOf(people.cy);
    const adjust = (points: number) => ({
      token: cy,
      body: { direction: 'UP', memberId, points, reason: 'Goodwill for a late parcel' },
    });
    expect((await send('POST', '/v1/adjustments', adjust(10_000))).status).toBe(201);
    const refused = await send('POST', '/v1/adjustments', adjust(50_000));
    const { maxPointsAlone, leftToday } = refused.body;
    expect([said(refused), maxPointsAlone, leftToday]).toEqual(['409 staff.approval_needed', 10_000, 90_000]);
    const proposed = await send('POST', '/v1/adjustments/proposals', adjust(50_000));
    expect(proposed.status).toBe(202);
    approvalId = proposed.body.approvalId as string;
    expect(said(await send('POST', `/v1/approvals/${approvalId}/approve`, { token: cy }))).toBe('403 auth.forbidden');
  });

  it('6. does it once when two owners approve at the same time', async () => {
    const tokens = [await tokenOf(people.ann), await tokenOf(people.bo)];
    const waiting = await send('GET', '/v1/approvals', { token: tokens[0] ?? '' });
    expect(waiting.body.items).toMatchObject([{ approvalId, subject: memberId, status: 'OPEN' }]);
    const both = await Promise.all(
      tokens.map((token) => send('POST', `/v1/approvals/${approvalId}/approve`, { token })),
    );
    expect(both.map((answer) => said(answer)).toSorted()).toEqual(['200', '409 staff.approval_decided']);
    const account = await send('GET', `/v1/members/${memberId}/points`, { token: tokens[0] ?? '' });
    expect(account.body.available).toBe(60_000);
  });

  it('7. has all of it on the record, with who, why, and where from', async () => {
    const ann = await tokenOf(people.ann);
    const { body } = await send('GET', `/v1/audit?subject=${memberId}`, { token: ann });
    const records = body.items as Record<string, unknown>[];
    expect(records.map(({ act }) => act)).toEqual(['points-staff.adjust', 'points-staff.adjust', 'staff.unmask']);
    expect(records[0]).toMatchObject({ approval: approvalId, why: 'Goodwill for a late parcel' });
    expect(records[2]).toMatchObject({
      clientId: `person:${people.cy.staffId}`,
      why: 'The courier cannot find the door',
      from: '127.0.0.0/24',
      requestId: expect.any(String) as string,
    });
  });

  it('8. erases by two who is known by the id of another system alone', async () => {
    const till = await held.mall.tokenOf(held.mall.demo.till);
    const sale = (number: string) => ({
      token: till,
      body: { number, amountFen: 5_000, member: { externalId: 'crm-8' } },
    });
    const { body: bought } = await send('POST', '/v1/purchases', sale('EXT-1'));
    const gone = bought.memberId as string;
    const [ann, cy] = [await tokenOf(people.ann), await tokenOf(people.cy)];
    const found = await send('POST', '/v1/members/search', { token: cy, body: { externalId: 'crm-8' } });
    expect(found.body.items).toMatchObject([{ memberId: gone }]);
    const body = { reason: 'Asked at the counter, letter 2031' };
    const proposed = await send('POST', `/v1/members/${gone}/erasure`, { token: cy, body });
    expect(proposed.status).toBe(202);
    const decide = `/v1/approvals/${proposed.body.approvalId as string}/approve`;
    expect(said(await send('POST', decide, { token: cy }))).toBe('403 auth.forbidden');
    const done = await send('POST', decide, { token: ann });
    expect([done.status, done.body.result]).toEqual([200, gone]);
    expect(said(await send('GET', `/v1/members/${gone}`, { token: cy }))).toBe('404 members.not_found');
    await held.mall.drain();
    const erased = await held.mall.events('member.erased');
    expect(erased.map(({ detail }) => detail['memberId'])).toContain(gone);
    expect((await send('POST', '/v1/purchases', sale('EXT-2'))).body.memberId).not.toBe(gone);
  });

  it('9. lets each have other recovery codes and change their own password, without anybody', async () => {
    const bo = await tokenOf(people.bo);
    const shown = async () => {
      await pass(30);
      return { password: PASSWORD, code: codeAt(people.bo.totpSecret, now) };
    };
    const renewed = await send('POST', '/v1/staff/me/recovery-codes', { token: bo, body: await shown() });
    expect([renewed.status, renewed.body.recoveryCodes]).toEqual([201, expect.any(Array)]);
    const [newPassword, path] = ['a quiet harbour in the evening', '/v1/staff/me/password'];
    const changed = await send('PUT', path, { token: bo, body: { ...(await shown()), newPassword } });
    expect(changed.status).toBe(204);
    const { userName } = people.bo;
    const [code] = renewed.body.recoveryCodes as string[];
    const by = (password: string) => send('POST', '/v1/staff/sessions', { body: { userName, password, code } });
    expect(said(await by(PASSWORD))).toBe('401 staff.login_failed');
    expect(said(await by(newPassword))).toBe('201');
    expect((await send('GET', '/v1/staff/people', { token: bo })).status).toBe(200);
  });

  it('10. ends what somebody had who is invited again, at once', async () => {
    const { body: cy } = await logIn(people.cy);
    const ann = await tokenOf(people.ann);
    const path = `/v1/staff/people/${people.cy.staffId}/invitation`;
    expect((await send('POST', path, { token: ann, body: { reason: 'Has left' } })).status).toBe(201);
    const { refreshToken } = cy;
    expect(said(await send('POST', '/v1/staff/sessions/refresh', { body: { refreshToken } }))).toBe(
      '401 staff.session_ended',
    );
    expect(said(await logIn(people.cy))).toBe('401 staff.login_failed');
  });

  it('leaves a table in which the auditor finds nothing broken', async () => {
    expect(await held.mall.violations()).toEqual([]);
  });
});
