import { describe, expect, it } from 'vitest';
import { contracts } from '../../shared/contracts.ts';
import { permissionsOf, ROLES, type Role } from '../../shared/staff/rules.ts';
import { asPerson, call } from '../support/call.ts';
import { openMall } from '../support/mall.ts';
import { declaredTable, ROLE_TABLE, roleTable, staffRoutes } from '../support/role-table.ts';

openMall();

const roles = Object.keys(ROLES) as Role[];
const SHORT: Record<string, string> = { memberId: 'mem', staffId: 'stf', approvalId: 'apr', adjustmentId: 'adj' };

/** Ids of nobody and of nothing: whoever may come in is told so, and nothing is done. */
function paramsOf(path: string): Record<string, string> {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  return Object.fromEntries(names.map((name) => [name, `${SHORT[name] ?? name.slice(0, 3)}_${'0'.repeat(26)}`]));
}

describe('the table of roles and routes', () => {
  it('has a row for every staff route and no other: `npx vitest run tests/staff/role-table.test.ts -u` renews it', async () => {
    await expect(roleTable()).toMatchFileSnapshot(ROLE_TABLE);
    expect(Object.keys(declaredTable())).toEqual(staffRoutes().map(({ route }) => route));
  });

  it.each(staffRoutes().flatMap(({ route, contract, name }) => roles.map((role) => ({ route, contract, name, role }))))(
    '$role: $route',
    async ({ route, contract, name, role }) => {
      const page = contracts.find((one) => one.name === contract);
      if (!page) throw new Error(`There is no contract ${contract}.`);
      const as = asPerson(`stf_${'1'.repeat(26)}`, ...permissionsOf([role]));
      const params = paramsOf(page.rows[name]?.path ?? '');
      // No body and no query: what is let in comes no further than the form, or finds nothing.
      const { status, body } = await call(page, name, { as, params });
      const isDeclared = declaredTable()[route]?.includes(role);
      expect(status === 403 ? body.code : 'let in').toBe(isDeclared ? 'let in' : 'auth.forbidden');
    },
  );
});
