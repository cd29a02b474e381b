import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openApiDocument } from '../infra/openapi.ts';
import { examples } from '../infra/openapi-examples.ts';
import { grants } from '../infra/openapi-grants.ts';
import { guide } from '../infra/openapi-guide.ts';
import { details } from '../infra/openapi-problem.ts';
import { contracts } from '../shared/contracts.ts';
import titles from '../shared/error-titles.json' with { type: 'json' };
import { type ErrorCode, errors, general, titleOf } from '../shared/errors.ts';
import { PERMISSIONS, SCOPES } from '../shared/partners/rules.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const rows = contracts.flatMap(({ name, rows: all }) =>
  Object.entries(all).map(([row, is]) => ({ name: `${name}.${row}`, row: is })),
);
const tests = globSync('tests/**/*.test.ts', { cwd: ROOT })
  .map((file) => readFileSync(`${ROOT}/${file}`, 'utf8'))
  .join('\n');

describe('the contract rows', () => {
  it('have a function each', () => {
    for (const { name } of contracts) expect(existsSync(`${ROOT}/functions/${name}/api.ts`), name).toBe(true);
  });

  it('write each route once', () => {
    const routes = rows.map(({ row }) => `${row.method} ${row.path.replaceAll(/\{\w+\}/g, '{}')}`);
    expect(routes).toEqual([...new Set(routes)]);
  });

  it.each(rows)('$name speaks both languages, and names its path parameters in its schema', ({ row }) => {
    expect(row.summary.zh).toMatch(/\p{Script=Han}|OpenAPI/u);
    expect(row.summary.en).toMatch(/[a-z]/);
    const inPath = [...row.path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
    expect(Object.keys(row.params?.shape ?? {})).toEqual(inPath);
  });

  it('ask for a key on every POST but those of login, tokens and codes, and what only looks', () => {
    const without = rows.filter(({ row }) => row.method === 'POST' && !row.key).map(({ name }) => name);
    const logins = /^(login-codes|members|auth|identities|partners|staff-sessions)\.(?!search)/;
    expect(without.filter((name) => !logins.test(name))).toEqual(['members.search', 'staff.unmask']);
    const elsewhere = rows.filter(({ row }) => row.key && row.method !== 'POST');
    expect(elsewhere).toEqual([]);
  });

  it('ask for scopes and permissions that a client can have, and each of these opens something', () => {
    const asked = rows.flatMap(({ row }) =>
      row.auth === 'partner'
        ? [row.scope, ...(row.wider ?? [])]
        : row.auth === 'staff'
          ? [row.permission, ...(row.wider ?? [])]
          : [],
    );
    expect(new Set(asked)).toEqual(new Set<string>([...SCOPES, ...PERMISSIONS]));
    expect(Object.keys(grants).toSorted()).toEqual([...new Set(asked)].toSorted());
  });
});

describe('what refusals say beside their code', () => {
  it('is in the schema of a refusal, and all of that is said somewhere', () => {
    const files = globSync('{shared,functions}/**/*.ts', { cwd: ROOT }).map((file) =>
      readFileSync(`${ROOT}/${file}`, 'utf8'),
    );
    const given = files.flatMap((text) =>
      [...text.matchAll(/new Refusal\('[a-z_.]+', \{([^}]*)\}/g)].map(([, said = '']) =>
        said.replaceAll(/\([^()]*\)|\[[^[\]]*\]/g, ''),
      ),
    );
    const names = given.flatMap((said) =>
      [...said.matchAll(/(?:^|,)\s*(\w+)(?=\s*[:,]|\s*$)/g)].map(([, name = '']) => name),
    );
    expect(names.length).toBeGreaterThan(60);
    expect([...new Set(names)].filter((name) => !(name in details))).toEqual([]);
    expect(Object.keys(details).filter((name) => !names.includes(name))).toEqual([]);
  });
});

describe('the catalogue of errors', () => {
  it.each([...new Set([...rows.flatMap(({ row }) => row.refusals), ...general])])(
    '%s has a test that names it',
    (code) => {
      expect(tests.includes(code)).toBe(true);
    },
  );

  it('has no row that nothing uses', () => {
    const sources = globSync('{shared,functions}/**/*.ts', { cwd: ROOT }).filter((file) => file !== 'shared/errors.ts');
    const text = sources.map((file) => readFileSync(`${ROOT}/${file}`, 'utf8')).join('\n');
    expect(Object.keys(errors).filter((code) => !text.includes(`'${code}'`) && !becomes(code))).toEqual([]);
  });

  it('says in both languages what happened', () => {
    for (const code of Object.keys(errors)) {
      const title = titleOf(code as ErrorCode);
      expect(title.zh, code).toMatch(/\p{Script=Han}/u);
      expect(title.en, code).toMatch(/^[A-Z]/);
    }
  });

  it('has words for nothing else', () => {
    expect(Object.keys(titles).toSorted()).toEqual(Object.keys(errors).toSorted());
  });
});

/** Whether another row ends in this one when its tries run out. */
function becomes(code: string): boolean {
  return Object.values(errors).some((row) => 'again' in row && row.again === code);
}

describe('openapi.json', () => {
  it('is what the contracts say', () => {
    expect(JSON.parse(readFileSync(`${ROOT}/openapi.json`, 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(openApiDocument())),
    );
  });

  it('has each route but the front door’s own', () => {
    const paths = openApiDocument().paths as Record<string, Record<string, unknown>>;
    const documented = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const written = rows
      .filter(({ name }) => !name.startsWith('front-door.'))
      .map(({ row }) => `${row.method} ${row.path}`);
    expect(documented.toSorted()).toEqual(written.toSorted());
  });
});

describe('the examples', () => {
  const withBody = rows.filter(({ row }) => row.body !== undefined);

  it('are there for each operation with a body, and for no other', () => {
    expect(Object.keys(examples).toSorted()).toEqual(withBody.map(({ name }) => name).toSorted());
  });

  it.each(withBody)('$name takes its own', ({ name, row }) => {
    expect(row.body?.safeParse(examples[name]).error).toBeUndefined();
  });
});

describe('the guide', () => {
  const sent = [...guide.matchAll(/^(?:HOLD=\$\()?till \S+ (\S+) '([^']*)'/gm)].map(([, path = '', body = '']) => ({
    path: path.replaceAll('"', '').replace('$HOLD', '{holdId}'),
    body,
  }));

  it('sends purchases, returns and holds, the same in both languages', () => {
    const half = sent.slice(0, sent.length / 2);
    const purchases = ['/v1/purchases', '/v1/purchases', '/v1/purchases', '/v1/returns'];
    expect(half.map(({ path }) => path)).toEqual([...purchases, '/v1/holds', '/v1/holds/{holdId}/capture']);
    expect(sent).toEqual([...half, ...half]);
  });

  it.each(sent)('sends $path a body that the contract takes', ({ path, body }) => {
    const row = rows.find((one) => one.row.method === 'POST' && one.row.path === path)?.row;
    expect(row?.body?.safeParse(JSON.parse(body))).toMatchObject({ success: true });
  });

  it('names codes and fields that exist', () => {
    const document = JSON.stringify(openApiDocument().components);
    const codes = [...guide.matchAll(/`(\w+\.\w+)`/g)].map(([, code = '']) => code);
    expect(codes.filter((code) => !(code in errors))).toEqual([]);
    for (const field of ['externalId', 'taken', 'owed', 'lost', 'offset', 'leftFen', 'occurredAt', 'nextCursor']) {
      expect(guide).toContain(`\`${field}\``);
      expect(`${document}${JSON.stringify(openApiDocument().paths)}`).toContain(`"${field}"`);
    }
  });
});
