import { describe, expect, it } from 'vitest';
import { bodyOf, replyOf } from '../../infra/local/http-event.ts';
import { routeTable } from '../../infra/local/route-table.ts';

const keys = [
  'GET /v1/orders',
  'GET /v1/orders/{orderId}',
  'GET /v1/orders/latest',
  'ANY /v1/files/{path+}',
  'GET /v1/files/{name}',
  '$default',
];
const find = routeTable(keys.map((routeKey) => ({ routeKey, target: routeKey })));

describe('the gateway finds', () => {
  it.each([
    ['GET', '/v1/orders', 'GET /v1/orders', {}],
    ['GET', '/v1/orders/latest', 'GET /v1/orders/latest', {}],
    ['GET', '/v1/orders/ord_1', 'GET /v1/orders/{orderId}', { orderId: 'ord_1' }],
    ['GET', '/v1/orders/a%2Fb%20c', 'GET /v1/orders/{orderId}', { orderId: 'a/b c' }],
    ['GET', '/v1/files/a', 'GET /v1/files/{name}', { name: 'a' }],
    ['PUT', '/v1/files/a', 'ANY /v1/files/{path+}', { path: 'a' }],
    ['GET', '/v1/files/a/b', 'ANY /v1/files/{path+}', { path: 'a/b' }],
    ['POST', '/v1/orders', '$default', {}],
    ['GET', '/v1/orders/', '$default', {}],
    ['GET', '/V1/orders', '$default', {}],
    ['GET', '/', '$default', {}],
  ])('for %s %s the route %s', (method, path, routeKey, parameters) => {
    expect(find(method, path)).toEqual({ routeKey, target: routeKey, parameters });
  });

  it('no path that is badly encoded', () => {
    expect(() => find('GET', '/v1/orders/%')).toThrow(URIError);
  });
});

describe('the gateway hands over', () => {
  const request = { id: '', method: 'POST', path: '/', query: '', sourceIp: '', body: Buffer.from('a=b') };

  it.each([
    ['application/json', 'a=b', false],
    ['text/plain; charset=utf-8', 'a=b', false],
    ['application/problem+json', 'a=b', false],
    ['application/x-www-form-urlencoded', 'YT1i', true],
    ['image/png', 'YT1i', true],
  ])('a body of %s as %s', (type, body, isBase64Encoded) => {
    expect(bodyOf({ ...request, headers: { 'content-type': type } })).toEqual({ body, isBase64Encoded });
  });

  it('an answer without a status code as the body of a 200', () => {
    expect(replyOf({ a: 1 })).toMatchObject({
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      body: Buffer.from('{"a":1}'),
    });
  });

  it('headers in lower case, cookies apart, base64 decoded', () => {
    const answer = {
      statusCode: 201,
      headers: { 'X-Count': 3 },
      cookies: ['a=b'],
      body: 'YT1i',
      isBase64Encoded: true,
    };
    const headers = { 'x-count': '3', 'content-type': 'text/plain;charset=UTF-8' };
    expect(replyOf(answer)).toEqual({ statusCode: 201, headers, cookies: ['a=b'], body: Buffer.from('a=b') });
  });
});
