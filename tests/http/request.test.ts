import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loginCodesContract } from '../../shared/auth/contract.ts';
import { catalogContract } from '../../shared/catalog/contract.ts';
import { pointsContract } from '../../shared/points/contract.ts';
import { asMember, asStaff, asTill, type CallOptions, call } from '../support/call.ts';
import { openMall } from '../support/mall.ts';
import { allItems } from '../support/table.ts';

openMall();

const staff = asStaff('catalog.write');
const body = { name: { zh: '茶杯', en: 'Cup' }, pricePoints: 100, stock: 3 };
const json = JSON.stringify(body);
const create = (options: CallOptions) => call(catalogContract, 'create', { as: staff, ...options });

let before = '';
beforeEach(async () => {
  before = JSON.stringify(await allItems());
});

describe('a request that is not taken', () => {
  afterEach(async () => {
    expect(JSON.stringify(await allItems()), 'a refusal wrote').toBe(before);
  });

  const utf8 = (...bytes: number[]) => Buffer.concat([Buffer.from(json.slice(0, -1)), Buffer.from(bytes)]);

  it.each<[string, CallOptions]>([
    ['a word', { rawBody: 'word' }],
    ['half an object', { rawBody: '{"name":' }],
    ['a comma too many', { rawBody: '{"stock":1,}' }],
    ['NaN', { rawBody: json.replace('100', 'NaN') }],
    ['a number with a leading 0', { rawBody: json.replace('100', '0100') }],
    ['a real NUL within a text', { rawBody: json.replace('Cup', 'C\u0000p') }],
    ['a byte-order mark', { rawBody: `\uFEFF${json}` }],
    ['a byte-order mark in bytes', { bytes: Buffer.from(`\uFEFF${json}`) }],
    ['bad UTF-8', { bytes: utf8(0xc3, 0x28) }],
    ['UTF-8 of a surrogate', { bytes: utf8(0xed, 0xa0, 0x80) }],
    ['UTF-16', { bytes: Buffer.from(json, 'utf16le') }],
    ['gzip', { bytes: Buffer.from([0x1f, 0x8b, 8, 0]) }],
    ['text that was no UTF-8 before the gateway read it', { rawBody: json.replace('Cup', 'C\uFFFDp') }],
  ])('400 request.malformed for %s', async (_, options) => {
    const { status, body: told } = await create(options);
    expect([status, told.code]).toEqual([400, 'request.malformed']);
  });

  const deep = (open: string, close: string, depth: number) => `${open.repeat(depth)}1${close.repeat(depth)}`;

  it.each<[string, string]>([
    ['nothing', ''],
    ['null', 'null'],
    ['a text', '"x"'],
    ['a number', '1'],
    ['a list', `[${json}]`],
    ['an empty object', '{}'],
    ['an unknown key', json.replace('{', '{"status2":1,')],
    ['a balance', json.replace('{', '{"balance":1,')],
    ['__proto__', json.replace('{', '{"__proto__":{"stock":1},')],
    ['__proto__ below', json.replace('"zh"', '"__proto__":{},"zh"')],
    ['constructor', json.replace('{', '{"constructor":{"prototype":{}},')],
    ['a missing field', '{"pricePoints":100,"stock":3}'],
    ['a null field', json.replace('100', 'null')],
    ['a list for an object', json.replace(/\{"zh".*?\}/, '["a","b"]')],
    ['a list for a number', json.replace('100', '[100]')],
    ['a text for a number', json.replace('100', '"100"')],
    ['a truth for a number', json.replace('100', 'true')],
    ['−0 pieces of the price', json.replace('100', '-0')],
    ['a fraction', json.replace('100', '1.5')],
    ['1e21', json.replace('100', '1e21')],
    ['1e999', json.replace('100', '1e999')],
    ['2^53+2', json.replace('100', '9007199254740994')],
    ['400 digits', json.replace('100', '9'.repeat(400))],
    ['blanks only', json.replace('Cup', '   ')],
    ['an escaped NUL', json.replace('Cup', 'C\\u0000p')],
    ['a line break', json.replace('Cup', 'C\\np')],
    ['a lone surrogate', json.replace('Cup', '\\ud800')],
    ['a mark that turns the direction of writing', json.replace('Cup', 'C\u202ep')],
    ['a surrogate pair in the wrong order', json.replace('Cup', '\\udc00\\ud800')],
    ['a name too long', json.replace('Cup', 'x'.repeat(101))],
    ['an array 200 deep', deep('[', ']', 200)],
    ['an array 30,000 deep', deep('[', ']', 30_000)],
    ['an object 200 deep', json.replace('100', deep('{"a":', '}', 200))],
    ['an object 9,000 deep', deep('{"a":', '}', 9_000)],
  ])('400 request.invalid for %s', async (_, rawBody) => {
    const { status, body: told } = await create({ rawBody });
    expect([status, told.code]).toEqual([400, 'request.invalid']);
    expect(told.errors).toEqual(expect.arrayContaining([expect.objectContaining({ in: 'body' })]));
    expect((told.errors as unknown[]).length).toBeLessThanOrEqual(20);
    expect(({} as { stock?: number }).stock).toBeUndefined();
  });

  it.each<[string, string, string]>([
    ['a name that stands twice', json.replace('{', '{"stock":3,'), 'stock'],
    ['a name that stands twice, once escaped', json.replace('{', '{"st\\u006fck":3,'), 'stock'],
    ['a name that stands twice below', json.replace('"zh"', '"en":"Cup","zh"'), 'name.en'],
    ['a balance', json.replace('{', '{"balance":1,'), 'balance'],
    ['a price below', json.replace('"zh"', '"price":1,"zh"'), 'name.price'],
    ['__proto__ below', json.replace('"zh"', '"__proto__":{},"zh"'), 'name.__proto__'],
    ['half a letter', json.replace('Cup', '\\ud800'), 'name.en'],
    ['half a letter in a name', json.replace('"en"', '"\\udc00"'), 'name.\udc00'],
    ['33 lists in one another', json.replace('"Cup"', deep('[', ']', 33)), `name.en${'.0'.repeat(30)}`],
    ['a long name', json.replace('{', `{"${'x'.repeat(10_000)}":1,`), 'x'.repeat(200)],
  ])('400 request.invalid for %s, by its place', async (_, rawBody, path) => {
    const { status, body: told } = await create({ rawBody });
    expect([status, told.code]).toEqual([400, 'request.invalid']);
    expect(told.errors).toContainEqual({ in: 'body', path, message: expect.any(String) as string });
  });

  it.each(['gzip', 'br', 'deflate, gzip'])('415 request.media_type for a body that is packed by %s', async (coding) => {
    const { status, body: told } = await create({ body, headers: { 'content-encoding': coding } });
    expect([status, told.code, told.coding]).toEqual([415, 'request.media_type', 'identity']);
  });

  it('400 request.invalid for a parameter that nobody reads', async () => {
    const { status, body: told } = await create({ body, query: { dryRun: 'true' } });
    expect([status, told.code]).toEqual([400, 'request.invalid']);
    expect(told.errors).toMatchObject([{ in: 'query', path: 'dryRun' }]);
  });

  it('400 request.invalid names every field that is wrong by its path', async () => {
    const { body: told } = await create({ rawBody: '{"name":{"zh":"","en":7},"pricePoints":0,"stock":-1}' });
    const paths = (told.errors as { path: string }[]).map(({ path }) => path);
    expect(new Set(paths)).toEqual(new Set(['name.zh', 'name.en', 'pricePoints', 'stock']));
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    '',
  ])('415 request.media_type for %j', async (media) => {
    const { status, body: told } = await create({ body, headers: { 'content-type': media } });
    expect([status, told.code]).toEqual([415, 'request.media_type']);
  });

  const padded = (bytes: number) => `${json}${' '.repeat(bytes - Buffer.byteLength(json))}`;

  it('413 request.too_large for one byte more than 64 KB, as text or base64', async () => {
    const rawBody = padded(65_537);
    for (const options of [{ rawBody }, { bytes: Buffer.from(rawBody) }]) {
      const { status, body: told } = await create(options);
      expect([status, told.code]).toEqual([413, 'request.too_large']);
    }
  });

  it.each([
    ['400 request.key_missing', null],
    ['400 request.key_missing', ''],
    ['400 request.key_invalid', 'x'.repeat(129)],
    ['400 request.key_invalid', 'with blank'],
    ['400 request.key_invalid', '钥匙'],
    ['400 request.key_invalid', 'a\u0000b'],
  ])('%s for the key %j', async (title, key) => {
    const { status, body: told } = await create({ body, key });
    expect(`${status} ${told.code as string}`).toBe(title);
  });

  it.each<[string, CallOptions['as']]>([
    ['401 auth.token_missing', undefined],
    ['401 auth.token_invalid', { problem: 'auth.token_invalid' }],
    ['401 auth.token_expired', { problem: 'auth.token_expired' }],
    ['401 auth.token_expired', { ...staff, expiresAt: Date.parse('2026-11-23T04:00:00.000Z') }],
    ['403 auth.forbidden', asMember('mem_1')],
    ['403 auth.forbidden', asTill('catalog.write')],
    ['403 auth.forbidden', asStaff()],
    ['403 auth.forbidden', asStaff('catalog.writer', 'catalog', 'orders.read')],
  ])('%s', async (title, as) => {
    const { status, body: told } = await create({ as, body });
    expect(`${status} ${told.code as string}`).toBe(title);
  });

  it.each([
    [{ limit: '0' }],
    [{ limit: '101' }],
    [{ limit: '-1' }],
    [{ limit: '1.0' }],
    [{ limit: '1e1' }],
    [{ limit: '１' }],
    [{ limit: '' }],
    [{ cursor: 'x'.repeat(513) }],
    [{ currency: 'points' }],
    [{ from: '2026-02-29' }],
    [{ currency: 'A#B' }],
    [{ memberId: 'mem_2' }],
    [{ ['__proto__']: 'x' }],
  ])('400 request.invalid for the query %j', async (query) => {
    const { status, body: told } = await call(pointsContract, 'entries', { as: asMember('mem_1'), query });
    expect([status, told.code]).toEqual([400, 'request.invalid']);
  });

  it.each(['0000-01-01T00:00:00+23:59', '0000-12-31T23:59:59Z', '9999-12-31T23:59:59-23:59', '2026-11-23T12:00:00'])(
    '400 request.invalid for the instant %s',
    async (at) => {
      const { status, body: told } = await call(pointsContract, 'account', { as: asMember('mem_1'), query: { at } });
      expect([status, told.code]).toEqual([400, 'request.invalid']);
      expect(told.errors).toMatchObject([{ in: 'query', path: 'at' }]);
    },
  );

  it.each([
    '',
    'prd_',
    'prd_1',
    'mem_00000000000000000000000000',
    '__proto__',
    'prd_0000000000000000000000000I',
    '../x',
  ])('400 request.invalid for the product %j', async (productId) => {
    const { status, body: told } = await call(catalogContract, 'read', { params: { productId } });
    expect([status, told.code]).toEqual([400, 'request.invalid']);
  });

  it.each([
    '',
    '138',
    '23800138000',
    '+0123456789',
    '138001380001',
    '１３８００１３８０００',
    '13800138000\n',
    ' 13800138000',
  ])('400 request.invalid for the phone %j, and nothing is sent', async (phone) => {
    const { status, body: told } = await call(loginCodesContract, 'send', { body: { phone } });
    expect([status, told.code]).toEqual([400, 'request.invalid']);
  });

  it('says no in the language that is asked for', async () => {
    const { headers, body: told } = await create({ rawBody: 'x', headers: { 'accept-language': 'en' } });
    expect([headers['content-language'], told.title]).toEqual(['en', 'The body is not what its Content-Type says']);
  });
});

describe('a request that is taken', () => {
  it.each<[string, CallOptions]>([
    ['64 KB to the byte', { rawBody: `${json}${' '.repeat(65_536 - Buffer.byteLength(json))}` }],
    ['base64', { bytes: Buffer.from(json) }],
    [
      'a media type with parameters and capitals',
      { body, headers: { 'content-type': 'Application/JSON; charset=utf-8' } },
    ],
    ['a key of 128 letters', { body, key: `${randomUUID()}${'x'.repeat(92)}` }],
  ])('201 for %s', async (_, options) => {
    const { status, body: made } = await create(options);
    expect([status, made.available]).toEqual([201, 3]);
  });
});
