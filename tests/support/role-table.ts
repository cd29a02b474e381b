import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { contracts } from '../../shared/contracts.ts';
import { permissionsOf, ROLES, type Role } from '../../shared/staff/rules.ts';

/** The committed table: who may call what. */
export const ROLE_TABLE = fileURLToPath(new URL('../staff/role-table.md', import.meta.url));

const roles = Object.keys(ROLES) as Role[];

/** Every route of staff, in the order of the contracts. */
export function staffRoutes() {
  return contracts.flatMap(({ name: contract, rows }) =>
    Object.entries(rows).flatMap(([name, row]) =>
      row.auth === 'staff' ? [{ route: `${row.method} ${row.path}`, contract, name, permission: row.permission }] : [],
    ),
  );
}

/** The table as the roles and the contracts have it now. */
export function roleTable(): string {
  const lines = staffRoutes().map(({ route, permission }) => {
    const marks = roles.map((role) => (permissionsOf([role]).includes(permission) ? '✓' : ''));
    return `| \`${route}\` | \`${permission}\` | ${marks.join(' | ')} |`;
  });
  return [
    '# Roles and routes',
    '',
    'Generated from `shared/staff/rules.ts` and the contracts, and read by `role-table.test.ts`, which calls every route',
    'in every role: what has no mark is 403. A `✓` opens the door; the act itself may still take a second person.',
    '',
    `| route | permission | ${roles.join(' | ')} |`,
    `| --- | --- |${roles.map(() => ' :-: |').join('')}`,
    ...lines,
    '',
  ].join('\n');
}

/** The committed table: for each route the roles that it lets in. */
export function declaredTable(): Record<string, Role[]> {
  const rows = [...readFileSync(ROLE_TABLE, 'utf8').matchAll(/^\| `([A-Z]+ [^`]+)` \| `[^`]+` \| (.*) \|$/gm)];
  return Object.fromEntries(
    rows.map(([, route = '', marks = '']) => {
      const cells = marks.split(' | ').map((cell) => cell.trim());
      return [route, roles.filter((_, i) => cells[i] === '✓')];
    }),
  );
}
