import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { pointsStaffContract } from '../../shared/points/staff-contract.ts';
import { programmeContract } from '../../shared/programme/contract.ts';
import { initialPolicy } from '../../shared/programme/initial-policy.ts';
import { approvalsContract } from '../../shared/staff/approvals/contract.ts';
import { staffContract } from '../../shared/staff/contract.ts';
import { permissionsOf } from '../../shared/staff/rules.ts';
import { asPerson, asRuler, asStaff, call, type Who } from '../support/call.ts';
import { clock, openMall } from '../support/mall.ts';
import { availableOf, memberWith } from '../support/people.ts';
import { person } from '../support/persons.ts';
import { recordsHold, recordsOf, told } from '../support/staff.ts';
import { losingReplies, stillInProgress } from '../support/table.ts';

const START = '2026-11-23T04:00:00.000Z';
openMall({ at: START });

const someId = () => `stf_${randomUUID()}`;
const inRole = (...roles: Parameters<typeof permissionsOf>[0]) => asPerson(someId(), ...permissionsOf(roles));
const [ann, bo] = [inRole('finance'), inRole('finance')];
const LIMIT = 10_000;
const NOTHING = `apr_${'0'.repeat(26)}`;

const wish = (memberId: string, points = LIMIT + 1, more: object = {}) => ({
  direction: 'UP',
  memberId,
  points,
  reason: 'A campaign that went wrong',
  ...more,
});
const adjust = (body: object, as: Who) => call(pointsStaffContract, 'adjust', { as, body });
const proposed = async (body: object, as = ann): Promise<string> => {
  const { status, body: made } = await call(pointsStaffContract, 'proposeAdjustment', { as, body });
  expect(status).toBe(202);
  return made.approvalId as string;
};
const approve = (approvalId: string, as = bo) => call(approvalsContract, 'approve', { as, params: { approvalId } });
const reject = (approvalId: string, as = bo) =>
  call(approvalsContract, 'reject', { as, params: { approvalId }, body: { reason: 'Too much' } });
const read = (approvalId: string) => call(approvalsContract, 'read', { as: bo, params: { approvalId } });

/** Records of two people at one instant are in no order. */
const later = () => clock(new Date(Date.now() + 1_000).toISOString());

describe('an adjustment beyond the limit', () => {
  it('409 staff.approval_needed for a person and for a client; 201 up to it, and for a client that may do it alone', async () => {
    const memberId = await memberWith(1);
    for (const as of [ann, asStaff('points.adjust')]) {
      const refused = await adjust(wish(memberId), as);
      expect([told(refused), refused.body.maxPointsAlone]).toEqual(['409 staff.approval_needed', LIMIT]);
      expect(told(await adjust({ ...wish(memberId), direction: 'DOWN' }, as))).toBe('409 staff.approval_needed');
    }
    expect(await availableOf(memberId)).toBe(1);
    expect((await adjust(wish(memberId, LIMIT), ann)).status).toBe(201);
    expect((await adjust(wish(memberId), asStaff('points.adjust', 'points.adjust_alone'))).status).toBe(201);
  });

  it('goes by the limit of the programme', async () => {
    const [memberId, cy] = [await memberWith(1), inRole('finance')];
    const rule = (policy: object) => call(programmeContract, 'replace', { as: asRuler, body: policy });
    await rule({ ...initialPolicy, adjustments: { maxPointsAlone: 5 } });
    expect(told(await adjust(wish(memberId, 6), cy))).toBe('409 staff.approval_needed');
    expect((await adjust(wish(memberId, 5), cy)).status).toBe(201);
    await rule(initialPolicy);
    expect((await adjust(wish(memberId, 6), cy)).status).toBe(201);
  });

  it('200 is done by the approval, once, on the record of both', async () => {
    const memberId = await memberWith(1);
    const approvalId = await proposed(wish(memberId));
    expect(await availableOf(memberId)).toBe(1);
    const first = await approve(approvalId);
    expect(first.body).toMatchObject({
      approvalId,
      act: 'points-staff.adjust',
      subject: memberId,
      status: 'APPROVED',
      by: `person:${String(ann['id'])}`,
      decidedBy: `person:${String(bo['id'])}`,
      result: expect.stringMatching(/^adj_/) as string,
    });
    expect(await availableOf(memberId)).toBe(LIMIT + 2);
    const again = await approve(approvalId);
    expect([again.status, again.body, again.headers['idempotency-replayed']]).toEqual([200, first.body, 'true']);
    expect(await availableOf(memberId)).toBe(LIMIT + 2);
    const params = { adjustmentId: first.body.result as string };
    const made = await call(pointsStaffContract, 'readAdjustment', { as: ann, params });
    expect(made.body).toMatchObject({ points: LIMIT + 1, by: `person:${String(ann['id'])}` });
    expect(await recordsOf(memberId)).toMatchObject([
      { act: 'points-staff.adjust', clientId: `person:${String(bo['id'])}`, approval: approvalId },
    ]);
    expect(await recordsOf(approvalId)).toMatchObject([
      { act: 'approvals.propose', clientId: `person:${String(ann['id'])}`, after: first.body.digest },
    ]);
  });

  it('200 once of many approvals at once, and 409 staff.approval_decided for the others', async () => {
    const memberId = await memberWith(1);
    const approvalId = await proposed(wish(memberId));
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => approve(approvalId, inRole('finance'))));
    expect(answers.map((answer) => told(answer)).toSorted()).toEqual([
      '200',
      ...Array<string>(4).fill('409 staff.approval_decided'),
    ]);
    expect(await availableOf(memberId)).toBe(LIMIT + 2);
    expect(await recordsOf(memberId)).toHaveLength(1);
  });

  it('200 once when replies are lost', async () => {
    const memberId = await memberWith(1);
    const approvalId = await proposed(wish(memberId));
    const spy = losingReplies();
    expect((await approve(approvalId)).status).toBe(200);
    spy.mockRestore();
    expect(await availableOf(memberId)).toBe(LIMIT + 2);
    expect(await recordsOf(memberId)).toHaveLength(1);
  });

  it('200 also where the table says that it is still being made', async () => {
    const memberId = await memberWith(1);
    const approvalId = await proposed(wish(memberId));
    const spy = stillInProgress();
    const answer = await approve(approvalId);
    spy.mockRestore();
    expect(told(answer)).toBe('200');
    expect(await availableOf(memberId)).toBe(LIMIT + 2);
    expect(await recordsOf(memberId)).toHaveLength(1);
  });

  it('409 leaves it open where it cannot be done', async () => {
    const memberId = await memberWith(1);
    const approvalId = await proposed(wish(memberId, LIMIT + 1, { direction: 'DOWN' }));
    expect(told(await approve(approvalId))).toBe('409 points.insufficient');
    expect((await read(approvalId)).body).toMatchObject({ status: 'OPEN', decidedBy: null, result: null });
    expect(await recordsOf(memberId)).toEqual([]);
  });

  it('404 members.not_found for nobody, 403 for a debt that one may not make', async () => {
    const propose = (body: object, as = ann) => call(pointsStaffContract, 'proposeAdjustment', { as, body });
    expect(told(await propose(wish(`mem_${'0'.repeat(26)}`)))).toBe('404 members.not_found');
    const debt = wish(await memberWith(1), LIMIT + 1, { direction: 'DOWN', shortage: 'DEBT' });
    expect(told(await propose(debt, inRole('support')))).toBe('403 auth.forbidden');
  });
});

describe('a proposal', () => {
  it('202 is one for a key, and 422 request.key_reused for another wish', async () => {
    const [memberId, key] = [await memberWith(1), randomUUID()];
    const propose = (points: number) =>
      call(pointsStaffContract, 'proposeAdjustment', { as: ann, key, body: wish(memberId, points) });
    const first = await propose(20_000);
    expect((await propose(20_000)).body).toEqual(first.body);
    expect(told(await propose(20_001))).toBe('422 request.key_reused');
  });

  it('403 auth.forbidden for a client, which is no second person, on both sides', async () => {
    const memberId = await memberWith(1);
    const client = asStaff('points.adjust', 'approvals.decide');
    const body = wish(memberId);
    expect(told(await call(pointsStaffContract, 'proposeAdjustment', { as: client, body }))).toBe('403 auth.forbidden');
    const approvalId = await proposed(body);
    expect([told(await approve(approvalId, client)), told(await reject(approvalId, client))]).toEqual([
      '403 auth.forbidden',
      '403 auth.forbidden',
    ]);
  });

  it('409 staff.approval_own for whoever proposed it', async () => {
    const memberId = await memberWith(1);
    const approvalId = await proposed(wish(memberId));
    expect([told(await approve(approvalId, ann)), told(await reject(approvalId, ann))]).toEqual([
      '409 staff.approval_own',
      '409 staff.approval_own',
    ]);
    expect(await availableOf(memberId)).toBe(1);
  });

  it('403 auth.forbidden without the permission of the act itself', async () => {
    const approvalId = await proposed(wish(await memberWith(1)));
    const refused = await approve(approvalId, inRole('operator'));
    expect([told(refused), refused.body.needs]).toEqual(['403 auth.forbidden', 'points.adjust']);
  });

  it('200 rejects once; then 409 staff.approval_decided', async () => {
    const memberId = await memberWith(1);
    const approvalId = await proposed(wish(memberId));
    later();
    for (let i = 0; i < 2; i += 1) {
      const { status, body } = await reject(approvalId);
      expect([status, body.status, body.decidedReason]).toEqual([200, 'REJECTED', 'Too much']);
    }
    expect(told(await approve(approvalId))).toBe('409 staff.approval_decided');
    expect((await recordsOf(approvalId)).map(({ act }) => act)).toEqual(['approvals.reject', 'approvals.propose']);
    expect(await availableOf(memberId)).toBe(1);
  });

  it('409 staff.approval_decided after a day', async () => {
    const memberId = await memberWith(1);
    const approvalId = await proposed(wish(memberId));
    clock(new Date(Date.now() + 86_400_000).toISOString());
    expect([told(await approve(approvalId)), told(await reject(approvalId))]).toEqual([
      '409 staff.approval_decided',
      '409 staff.approval_decided',
    ]);
    expect((await read(approvalId)).body.status).toBe('EXPIRED');
  });

  it('404 staff.approval_not_found', async () => {
    for (const answer of [await approve(NOTHING), await reject(NOTHING), await read(NOTHING)])
      expect(told(answer)).toBe('404 staff.approval_not_found');
  });
});

describe('a change of roles', () => {
  const [olga, oskar] = [inRole('owner'), inRole('owner')];
  let staffId = '';
  beforeAll(async () => {
    ({ staffId } = await person());
  });
  const propose = (as: Who, wanted: string[], of = staffId) =>
    call(staffContract, 'proposeRoles', { as, params: { staffId: of }, body: { roles: wanted, reason: 'Moves' } });

  it('200 is made by a second owner, and not by whom it is about', async () => {
    const { body } = await propose(olga, ['owner']);
    const approvalId = body.approvalId as string;
    const self = asPerson(staffId, ...permissionsOf(['owner']));
    expect(told(await approve(approvalId, self))).toBe('409 staff.approval_own');
    expect(told(await approve(approvalId, bo))).toBe('403 auth.forbidden');
    later();
    expect((await approve(approvalId, oskar)).status).toBe(200);
    const [newest] = await recordsOf(staffId);
    expect(newest).toMatchObject({ act: 'staff.changeRoles', clientId: `person:${String(oskar['id'])}`, why: 'Moves' });
  });

  it('409 staff.oneself and 404 staff.not_found at once', async () => {
    expect(told(await propose(asPerson(staffId, 'staff.manage'), []))).toBe('409 staff.oneself');
    expect(told(await propose(olga, [], `stf_${'0'.repeat(26)}`))).toBe('404 staff.not_found');
  });
});

describe('a change of the programme', () => {
  const [opal, otto] = [inRole('operator'), inRole('operator')];
  const propose = (change: object, key = randomUUID()) =>
    call(programmeContract, 'propose', { as: opal, key, body: { reason: 'Spring', change } });

  it('409 staff.approval_needed for a person, and 200 by a second one', async () => {
    const change = { ...initialPolicy, returnsUntilDays: 30 };
    expect(told(await call(programmeContract, 'replace', { as: opal, body: change }))).toBe(
      '409 staff.approval_needed',
    );
    const { body } = await propose(change);
    const done = await approve(body.approvalId as string, otto);
    const now = await call(programmeContract, 'read', { as: opal });
    expect([done.body.status, now.body.returnsUntilDays, String(now.body.version)]).toEqual([
      'APPROVED',
      30,
      done.body.result,
    ]);
  });

  it('409 programme.moved where the rules were changed in between', async () => {
    const { body } = await propose({ ...initialPolicy, returnsUntilDays: 60 });
    await call(programmeContract, 'replace', { as: asRuler, body: initialPolicy });
    expect(told(await approve(body.approvalId as string, otto))).toBe('409 programme.moved');
  });

  it.each([
    ['names none', {}],
    ['names the version of then', undefined],
  ])('202 again under its key, where the rules have changed since and the request %s', async (_, given) => {
    const { version } = (await call(programmeContract, 'read', { as: opal })).body;
    const [change, key] = [{ ...initialPolicy, returnsUntilDays: 45, ...(given ?? { version }) }, randomUUID()];
    const first = await propose(change, key);
    expect(first.status).toBe(202);
    expect((await approve(first.body.approvalId as string, otto)).status).toBe(200);
    const again = await propose(change, key);
    expect([again.status, again.body, again.headers['idempotency-replayed']]).toEqual([202, first.body, 'true']);
    expect(told(await propose({ ...change, returnsUntilDays: 46 }, key))).toBe('422 request.key_reused');
  });

  it('400 programme.invalid at once', async () => {
    expect(told(await propose({ ...initialPolicy, currencies: initialPolicy.currencies.slice(1) }))).toBe(
      '400 programme.invalid',
    );
  });
});

describe('GET /v1/approvals', () => {
  it('200 lists what is in one status, newest first, each once', async () => {
    const list = (query: Record<string, string>) => call(approvalsContract, 'list', { as: bo, query });
    const ids: string[] = [];
    const memberId = await memberWith(1);
    for (let i = 0; i < 3; i += 1) {
      later();
      ids.unshift(await proposed(wish(memberId)));
    }
    const open = (await list({ limit: '100' })).body.items as { approvalId: string }[];
    expect(open.slice(0, 3).map(({ approvalId }) => approvalId)).toEqual(ids);
    const { body: page } = await list({ limit: '1' });
    const { body: next } = await list({ limit: '1', cursor: page.nextCursor as string });
    expect((next.items as { approvalId: string }[])[0]?.approvalId).toBe(ids[1]);
    expect(told(await list({ status: 'REJECTED', cursor: page.nextCursor as string }))).toBe(
      '400 request.cursor_invalid',
    );
    await reject(ids[0] ?? '');
    const rejected = (await list({ status: 'REJECTED' })).body.items as { approvalId: string }[];
    expect(rejected[0]?.approvalId).toBe(ids[0]);
    expect(await recordsHold()).toBeGreaterThanOrEqual(4);
  });
});
