import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { earningContract } from '../../shared/earning/contract.ts';
import { membersContract } from '../../shared/members/contract.ts';
import { staffContract } from '../../shared/staff/contract.ts';
import { firstOwnerSecret } from '../../shared/staff/enrolment.ts';
import { asPerson, asStaff, asTill, call, type Who } from '../support/call.ts';
import { clock, openMall } from '../support/mall.ts';
import { memberWith } from '../support/people.ts';
import {
  acceptedBy,
  codeAt,
  invitedAs,
  manager,
  nextCode,
  PASSWORD,
  person,
  session,
  someName,
} from '../support/persons.ts';
import { recordsOf, strangers, told } from '../support/staff.ts';
import { allItems, losingReplies, readingLate } from '../support/table.ts';

openMall({ at: '2026-11-23T04:00:00.000Z' });

const pass = (seconds: number) => clock(new Date(Date.now() + seconds * 1_000).toISOString());
const asOwner = (staffId: string) => asPerson(staffId, 'staff.manage', 'staff.read', 'approvals.read');
const roles = (staffId: string, wanted: string[], as: Who) =>
  call(staffContract, 'changeRoles', { as, params: { staffId }, body: { roles: wanted, reason: 'New here' } });
const NOBODY = `stf_${'0'.repeat(26)}`;
const acts = async (subject: string) => (await recordsOf(subject)).map(({ act }) => act);

describe('POST /v1/staff/first-owner', () => {
  const first = (given: string, userName = someName()) => session('firstOwner', { secret: given, userName });

  let secret = '';
  beforeAll(async () => {
    secret = await firstOwnerSecret();
  });

  it('401 staff.first_owner_refused for another secret', async () => {
    expect(told(await first('not the secret'))).toBe('401 staff.first_owner_refused');
  });

  it('201 once, however many come at once, and again only when the invitation ran out unused', async () => {
    const answers = await Promise.all(Array.from({ length: 4 }, () => first(secret)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(told(await first(secret))).toBe('401 staff.first_owner_refused');
    pass(72 * 3_600);
    const userName = someName();
    const { status, body } = await first(secret, userName);
    expect(status).toBe(201);
    const owner = await acceptedBy(userName, body.invitation as string);
    pass(73 * 3_600);
    expect(told(await first(secret))).toBe('401 staff.first_owner_refused');

    // Alone, the first owner gives roles at once; with a second owner no longer.
    const [second, third] = [await person(), await person()];
    expect((await roles(third.staffId, ['support'], asOwner(owner.staffId))).body.roles).toEqual(['support']);
    expect((await roles(second.staffId, ['owner'], asOwner(owner.staffId))).status).toBe(200);
    expect(told(await roles(third.staffId, [], asOwner(owner.staffId)))).toBe('409 staff.approval_needed');
    expect(told(await roles(third.staffId, [], asOwner(second.staffId)))).toBe('409 staff.approval_needed');
  });
});

it('takes roles that were given a moment ago, however late the table’s copies are', async () => {
  const [{ staffId }, machine] = [await person(), asStaff('staff.manage', 'staff.manage_alone', 'staff.read')];
  const rolesOf = async () => (await allItems()).find((item) => item.type === 'staff' && item['staffId'] === staffId);
  await roles(staffId, [], machine);
  const before = await rolesOf();
  expect((await roles(staffId, ['support'], machine)).status).toBe(200);
  const spy = readingLate(before ? [before] : []);
  expect((await roles(staffId, [], machine)).status).toBe(200);
  spy.mockRestore();
  expect(await rolesOf()).toMatchObject({ roles: [] });
});

describe('an invitation', () => {
  it('201 gives the same secret for the same key, and 422 request.key_reused for another name', async () => {
    const [as, key, userName] = [manager(), randomUUID(), someName()];
    const first = await call(staffContract, 'invite', { as, key, body: { userName } });
    const again = await call(staffContract, 'invite', { as, key, body: { userName } });
    expect([again.status, again.body, again.headers['idempotency-replayed']]).toEqual([201, first.body, 'true']);
    expect(told(await call(staffContract, 'invite', { as, key, body: { userName: someName() } }))).toBe(
      '422 request.key_reused',
    );
    expect(JSON.stringify(await allItems())).not.toContain((first.body.invitation as string).split('.')[1]);
  });

  it('409 staff.name_taken', async () => {
    const userName = someName();
    await invitedAs(userName);
    expect(told(await call(staffContract, 'invite', { as: manager(), body: { userName } }))).toBe(
      '409 staff.name_taken',
    );
  });

  it('409 staff.password_common, and nothing is accepted', async () => {
    const { invitation } = await invitedAs(someName());
    expect(told(await session('accept', { invitation, password: 'Password2026!' }))).toBe('409 staff.password_common');
    expect(told(await session('accept', { invitation, password: 'too short' }))).toBe('400 request.invalid');
    expect(told(await session('confirm', { invitation, code: '123456' }))).toBe('401 staff.invitation_invalid');
  });

  it('200 may be accepted anew until it is confirmed; 409 staff.code_wrong for the authenticator before', async () => {
    const { invitation } = await invitedAs(someName());
    const before = (await session('accept', { invitation, password: PASSWORD })).body.totpSecret as string;
    const after = (await session('accept', { invitation, password: PASSWORD })).body.totpSecret as string;
    expect(after).not.toBe(before);
    expect(told(await session('confirm', { invitation, code: codeAt(before) }))).toBe('409 staff.code_wrong');
    const { status, body } = await session('confirm', { invitation, code: codeAt(after) });
    expect([status, body.recoveryCodes]).toEqual([200, expect.arrayContaining([expect.any(String)])]);
    expect(body.recoveryCodes).toHaveLength(10);
  });

  it('401 staff.invitation_invalid once it is used, for another secret, for nobody, and after three days', async () => {
    const { staffId, invitation } = await invitedAs(someName());
    const accept = (token: string) => session('accept', { invitation: token, password: PASSWORD });
    const others = [`${staffId}.${'x'.repeat(43)}`, `${NOBODY}.${'x'.repeat(43)}`];
    for (const token of others) expect(told(await accept(token))).toBe('401 staff.invitation_invalid');
    const late = await invitedAs(someName());
    await acceptedBy('', invitation);
    expect(told(await accept(invitation))).toBe('401 staff.invitation_invalid');
    pass(72 * 3_600);
    expect(told(await accept(late.invitation))).toBe('401 staff.invitation_invalid');
  });

  it('200 confirms once when replies are lost', async () => {
    const { staffId, invitation } = await invitedAs(someName());
    const { body } = await session('accept', { invitation, password: PASSWORD });
    const spy = losingReplies();
    const { status } = await session('confirm', { invitation, code: codeAt(body.totpSecret as string) });
    spy.mockRestore();
    expect(status).toBe(200);
    expect(await acts(staffId)).toEqual(['staff-sessions.confirm', 'staff-sessions.accept', 'staff.invite']);
  });

  it('201 invites again, which takes password, authenticator, roles and sessions at once', async () => {
    const one = await person('support');
    pass(60);
    const { userName, totpSecret, staffId } = one;
    const logIn = (code: string) => session('logIn', { userName, password: PASSWORD, code });
    const { body: open } = await logIn(nextCode(totpSecret));
    const [as, key, params, body] = [manager(), randomUUID(), { staffId }, { reason: 'Lost the phone' }];
    const again = () => call(staffContract, 'inviteAgain', { as, key, params, body });
    const [first, replay] = [await again(), await again()];
    expect([first.status, replay.body, replay.headers['idempotency-replayed']]).toEqual([201, first.body, 'true']);
    pass(60);
    expect(told(await logIn(nextCode(totpSecret)))).toBe('401 staff.login_failed');
    expect(told(await logIn(one.recoveryCodes[0] ?? ''))).toBe('401 staff.login_failed');
    expect(told(await session('refresh', { refreshToken: open.refreshToken }))).toBe('401 staff.session_ended');
    const back = await acceptedBy(userName, first.body.invitation as string);
    const { body: people } = await call(staffContract, 'people', { as, query: { limit: '100' } });
    const listed = (people.items as { staffId: string }[]).find((other) => other.staffId === back.staffId);
    expect(listed).toMatchObject({ userName, status: 'ACTIVE', roles: [] });
    const late = await again();
    expect([late.status, late.body, late.headers['idempotency-replayed']]).toEqual([201, first.body, 'true']);
    pass(60);
    expect(told(await session('logIn', { userName, password: PASSWORD, code: nextCode(back.totpSecret) }))).toMatch(
      /^201/,
    );
    expect((await acts(staffId)).filter((act) => act === 'staff.inviteAgain')).toHaveLength(1);
  });

  it('201 is the answer of then also after another invitation', async () => {
    const { staffId } = await person('support');
    const as = manager();
    const invite = (key: string) =>
      call(staffContract, 'inviteAgain', { as, key, params: { staffId }, body: { reason: 'Lost' } });
    const [one, two] = [await invite('one'), await invite('two')];
    expect((await invite('one')).body).toEqual(one.body);
    expect(told(await session('accept', { invitation: one.body.invitation, password: PASSWORD }))).toBe(
      '401 staff.invitation_invalid',
    );
    await acceptedBy('', two.body.invitation as string);
    expect((await invite('two')).body).toEqual(two.body);
  });

  it('404 staff.not_found and 409 staff.oneself', async () => {
    const again = (staffId: string, as: Who) =>
      call(staffContract, 'inviteAgain', { as, params: { staffId }, body: { reason: 'Lost' } });
    expect(told(await again(NOBODY, manager()))).toBe('404 staff.not_found');
    const { staffId } = await person();
    expect(told(await again(staffId, asOwner(staffId)))).toBe('409 staff.oneself');
  });
});

describe('PUT /v1/staff/people/{staffId}/roles', () => {
  it('200 for a client that may do it alone, with a record; to say it again writes nothing', async () => {
    const { staffId } = await person();
    for (let i = 0; i < 2; i += 1) {
      const { status, body } = await roles(staffId, ['support', 'auditor', 'support'], manager());
      expect([status, body.roles]).toEqual([200, ['auditor', 'support']]);
    }
    expect((await acts(staffId)).filter((act) => act === 'staff.changeRoles')).toHaveLength(1);
  });

  it('200 ends the sessions of who loses a role, and only theirs: who gets one goes on', async () => {
    const one = await person('support', 'finance');
    pass(60);
    const logIn = () => {
      const body = { userName: one.userName, password: PASSWORD, code: nextCode(one.totpSecret) };
      return session('logIn', body);
    };
    const { body: open } = await logIn();
    await roles(one.staffId, ['auditor', 'finance', 'support'], manager());
    const { status, body: on } = await session('refresh', { refreshToken: open.refreshToken });
    expect(status).toBe(200);
    await roles(one.staffId, ['auditor', 'support'], manager());
    expect(told(await session('refresh', { refreshToken: on.refreshToken }))).toBe('401 staff.session_ended');
    expect(
      (await allItems()).filter(({ type, subject }) => type === 'revocation' && subject === one.staffId),
    ).toHaveLength(1);
    pass(60);
    expect((await logIn()).status).toBe(201);
  });

  it('409 staff.approval_needed for a client and a person that may not', async () => {
    const { staffId } = await person();
    expect(told(await roles(staffId, ['owner'], asStaff('staff.manage')))).toBe('409 staff.approval_needed');
    expect(told(await roles(staffId, ['owner'], asOwner('stf_SOMEBODY')))).toBe('409 staff.approval_needed');
    expect((await acts(staffId))[0]).toBe('staff-sessions.confirm');
  });

  it('409 staff.oneself, staff.not_enrolled, and 404 staff.not_found', async () => {
    const { staffId } = await person();
    expect(told(await roles(staffId, ['owner'], asOwner(staffId)))).toBe('409 staff.oneself');
    const { staffId: waiting } = await invitedAs(someName());
    expect(told(await roles(waiting, ['owner'], manager()))).toBe('409 staff.not_enrolled');
    expect(told(await roles(NOBODY, ['owner'], manager()))).toBe('404 staff.not_found');
  });

  it('400 request.invalid for a role that there is not', async () => {
    expect(told(await roles(NOBODY, ['god'], manager()))).toBe('400 request.invalid');
  });
});

describe('GET /v1/staff/people', () => {
  it('200 gives each once, newest first, however long a page is', async () => {
    const list = (query: Record<string, string>) => call(staffContract, 'people', { as: asStaff('staff.read'), query });
    const all = (await list({ limit: '100' })).body.items as { staffId: string }[];
    const seen: unknown[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await list({ limit: '3', ...(cursor && { cursor }) });
      seen.push(...(body.items as unknown[]));
      cursor = body.nextCursor as string | null;
    }
    expect(seen).toEqual(all);
    expect(told(await list({ cursor: 'x.y' }))).toBe('400 request.cursor_invalid');
  });
});

describe('POST /v1/members/{memberId}/unmask', () => {
  const unmask = (memberId: string, as: Who | undefined = asPerson('stf_1', 'members.unmask')) =>
    call(staffContract, 'unmask', { as, params: { memberId }, body: { reason: 'The courier cannot find the door' } });

  it('200 shows one phone in clear, each time on the record with why and where from', async () => {
    const member = { phone: '13812345678' };
    const report = { number: randomUUID(), amountFen: 100, member };
    const memberId = (await call(earningContract, 'report', { as: asTill(), body: report })).body.memberId as string;
    const masked = await call(membersContract, 'read', { as: asStaff('members.read'), params: { memberId } });
    expect(masked.body.phone).toBe('+86138****5678');
    for (let i = 0; i < 2; i += 1) {
      const { status, body } = await unmask(memberId);
      expect([status, body]).toEqual([200, { memberId, phone: '+8613812345678' }]);
    }
    const records = await recordsOf(memberId);
    expect(records).toHaveLength(2);
    expect(records[0]).toMatchObject({
      act: 'staff.unmask',
      clientId: 'person:stf_1',
      why: 'The courier cannot find the door',
    });
    expect(JSON.stringify(records)).not.toContain('12345678');
  });

  it('200 with null for a member without a phone; 404 members.not_found for nobody', async () => {
    const report = { number: randomUUID(), amountFen: 100, member: { externalId: randomUUID() } };
    const memberId = (await call(earningContract, 'report', { as: asTill(), body: report })).body.memberId as string;
    expect((await unmask(memberId)).body.phone).toBeNull();
    expect(told(await unmask(`mem_${'0'.repeat(26)}`))).toBe('404 members.not_found');
  });

  it.each(strangers('members.unmask'))('%s', async (title, as) => {
    const memberId = await memberWith(1);
    const body = { reason: 'x' };
    expect(told(await call(staffContract, 'unmask', { as, params: { memberId }, body }))).toBe(title);
    expect(await recordsOf(memberId)).toEqual([]);
  });
});
