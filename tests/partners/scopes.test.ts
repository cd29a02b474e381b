import { describe, expect, it } from 'vitest';
import { contracts } from '../../shared/contracts.ts';
import { SCOPES } from '../../shared/partners/rules.ts';
import { asMember, asStaff, asTill, call } from '../support/call.ts';
import { openMall } from '../support/mall.ts';
import { told } from '../support/staff.ts';

openMall();

const routes = contracts.flatMap((contract) =>
  Object.entries(contract.rows).flatMap(([name, row]) =>
    row.auth === 'partner' ? [{ route: `${row.method} ${row.path}`, contract, name, row, scope: row.scope }] : [],
  ),
);

describe.each(routes)('$route', ({ contract, name, row, scope }) => {
  const params = Object.fromEntries(Object.keys(row.params?.shape ?? {}).map((one) => [one, 'x']));
  const ask = (as: Parameters<typeof call>[2]) =>
    call(contract, name, { ...as, params, ...(row.body && { body: {} }) });

  it(`403 without ${scope}, with every other scope, and as who is no partner`, async () => {
    const others = SCOPES.filter((one) => one !== scope).join(' ');
    for (const as of [asTill(''), asTill(others), asTill(`${scope}x`), asMember('mem_1'), asStaff(scope)]) {
      expect(told(await ask({ as }))).toBe('403 auth.forbidden');
    }
    expect((await ask({ as: asTill(others) })).body.needs).toBe(scope);
    expect(told(await ask({}))).toBe('401 auth.token_missing');
  });

  it(`lets ${scope} alone in`, async () => {
    const { status } = await ask({ as: asTill(scope) });
    expect([401, 403, 429, 500, 503]).not.toContain(status);
  });
});

it('there are routes of partners', () => {
  expect(routes.length).toBeGreaterThan(7);
});
