import { describe, expect, it } from 'vitest';
import { checkPattern, matches, type Pattern } from '../../infra/local/event-pattern.ts';

const event = {
  source: 'points-mall',
  'detail-type': 'order.placed',
  resources: [],
  detail: {
    member: { id: 'm1' },
    tags: ['a', 'b'],
    items: [
      { sku: 's1', count: 1 },
      { sku: 's2', count: 5 },
    ],
    amount: 3,
    note: '',
    nothing: null,
    done: true,
    path: 'dir/sub/pic*.PNG',
    ip: '10.1.2.3',
  },
};

const detail = (pattern: Pattern): Pattern => ({ detail: pattern });

describe('a rule takes what EventBridge takes', () => {
  it.each<[boolean, Pattern]>([
    [true, { source: ['points-mall'] }],
    [true, { source: ['x', 'points-mall'], 'detail-type': ['order.placed'] }],
    [false, { source: ['x'] }],
    [false, { source: ['points-mall'], 'detail-type': ['order.shipped'] }],
    [true, detail({ member: { id: ['m1'] }, amount: [3] })],
    [false, detail({ member: { id: ['m2'] } })],
    [false, detail({ absent: ['m1'] })],
    [false, detail({ amount: { deep: [3] } })],
    [false, detail({ amount: ['3'] })],
    [false, detail({ member: ['m1'] })],
    [true, detail({ note: [''], nothing: [null], done: [true] })],
    [false, detail({ absent: [null] })],
    [true, detail({ tags: ['b'] })],
    [false, detail({ tags: ['c'] })],
    [true, detail({ items: { sku: ['s2'] } })],
    [false, detail({ items: { sku: ['s1'], count: [5] } })],
  ])('by values: %s for %j', (matched, pattern) => {
    checkPattern(pattern, 'R');
    expect(matches(pattern, event)).toBe(matched);
  });

  it.each<[boolean, Pattern]>([
    [true, { source: [{ prefix: 'points-' }] }],
    [false, { source: [{ prefix: 'mall' }] }],
    [true, { source: [{ prefix: { 'equals-ignore-case': 'POINTS' } }] }],
    [true, detail({ path: [{ suffix: '.PNG' }] })],
    [false, detail({ path: [{ suffix: '.png' }] })],
    [true, detail({ path: [{ suffix: { 'equals-ignore-case': '.png' } }] })],
    [true, { source: [{ 'equals-ignore-case': 'Points-MALL' }] }],
    [false, { source: [{ 'equals-ignore-case': 'points' }] }],
    [true, detail({ path: [{ wildcard: 'dir/*/pic*' }] })],
    [true, detail({ path: [{ wildcard: 'dir/*pic\\*.PNG' }] })],
    [false, detail({ path: [{ wildcard: 'dir/*.png' }] })],
    [false, detail({ ip: [{ wildcard: '10.1.2?3' }] })],
    [true, detail({ amount: [{ numeric: ['>', 2, '<=', 3] }] })],
    [false, detail({ amount: [{ numeric: ['>', 3] }] })],
    [false, detail({ note: [{ numeric: ['=', 0] }] })],
    [true, detail({ items: { count: [{ numeric: ['>=', 5] }] } })],
    [true, detail({ ip: [{ cidr: '10.1.0.0/16' }] })],
    [false, detail({ ip: [{ cidr: '10.2.0.0/16' }] })],
    [false, detail({ note: [{ cidr: '10.2.0.0/16' }] })],
    [true, detail({ amount: [{ exists: true }], absent: [{ exists: false }] })],
    [false, detail({ amount: [{ exists: false }] })],
    [false, detail({ absent: [{ exists: true }] })],
    [false, detail({ member: [{ exists: true }] })],
    [true, { resources: [{ exists: false }] }],
    [true, detail({ nothing: [{ exists: true }] })],
    [true, detail({ absent: { deep: [{ exists: false }] } })],
    [true, { source: [{ 'anything-but': 'x' }] }],
    [false, { source: [{ 'anything-but': ['x', 'points-mall'] }] }],
    [true, detail({ amount: [{ 'anything-but': [1, 2] }] })],
    [false, detail({ absent: [{ 'anything-but': 'x' }] })],
    [false, { source: [{ 'anything-but': { prefix: 'points' } }] }],
    [true, { source: [{ 'anything-but': { prefix: ['x', 'y'] } }] }],
    [false, { source: [{ 'anything-but': { suffix: 'mall' } }] }],
    [false, { source: [{ 'anything-but': { 'equals-ignore-case': ['POINTS-mall'] } }] }],
    [false, { source: [{ 'anything-but': { wildcard: 'p*l' } }] }],
    [true, detail({ tags: [{ 'anything-but': 'a' }] })],
  ])('by operators: %s for %j', (matched, pattern) => {
    checkPattern(pattern, 'R');
    expect(matches(pattern, event)).toBe(matched);
  });

  it.each<[boolean, Pattern]>([
    [true, { $or: [{ source: ['x'] }, { 'detail-type': ['order.placed'] }] }],
    [false, { $or: [{ source: ['x'] }, { 'detail-type': ['y'] }] }],
    [false, { source: ['x'], $or: [{ source: ['points-mall'] }, { source: ['y'] }] }],
    [true, detail({ $or: [{ amount: [9] }, { member: { id: [{ prefix: 'm' }] } }] })],
  ])('by alternatives: %s for %j', (matched, pattern) => {
    checkPattern(pattern, 'R');
    expect(matches(pattern, event)).toBe(matched);
  });
});

it.each<[string, Pattern]>([
  ['contains', detail({ amount: [{ contains: 1 }] })],
  ['two operators in one', detail({ amount: [{ prefix: 'a', suffix: 'b' }] })],
  ['a number that is text', detail({ amount: [{ numeric: ['>', '1'] }] })],
  ['an unknown comparison', detail({ amount: [{ numeric: ['!=', 1] }] })],
  ['anything but what is more', detail({ amount: [{ 'anything-but': { numeric: ['>', 1] } }] })],
  ['two stars in a row', detail({ amount: [{ wildcard: 'a**b' }] })],
  ['no network', detail({ amount: [{ cidr: '10.0.0/8' }] })],
  ['an operator within an alternative', detail({ $or: [{ amount: [{ contains: 1 }] }, { amount: [1] }] })],
  ['an empty list', detail({ amount: [] })],
])('%s stops the start with the rule’s name', (_, pattern) => {
  expect(() => checkPattern(pattern, 'Big')).toThrow('The rule Big matches amount by');
});

it('one alternative alone is none', () => {
  expect(() => checkPattern({ $or: [{ source: ['x'] }] }, 'Big')).toThrow('The rule Big matches $or by');
});
