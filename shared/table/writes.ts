import { isDeepStrictEqual } from 'node:util';
import type { AttributeValue, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { ErrorCode } from '../errors.ts';
import { type Item, tableName, toAttributes } from './client.ts';
import type { Key } from './keys.ts';

/** One conditional write, and what its refusal means. */
export interface Write {
  key: Key;
  action: TransactWriteItem;
  otherwise: ErrorCode;
  /** What it means by what stood there, where that tells more. */
  meaning?(old: Record<string, AttributeValue>): ErrorCode | undefined;
  /** Whether `isMine` can tell: a put shows by what stands there, a change by its `proof`. */
  tells: boolean;
  /** Whether what stands at the key is this very write: its answer was lost on the way, and it had succeeded. */
  isMine(old: Record<string, AttributeValue>): boolean;
}

/** A clause of a condition: attribute, comparison, value. All clauses must hold. */
export type Clause = readonly [attribute: string, is: '=' | '<' | '<=' | '>' | '>=', value: string | number];

export interface Change {
  set?: Record<string, unknown>;
  /** Added to a number; what makes it happen only once is `when`, or another write of the same list. */
  add?: Record<string, number>;
  remove?: readonly string[];
  when: readonly Clause[];
  /** Attributes that the item must not have. */
  lacks?: readonly string[];
  /** An attribute of `set` whose value only this write can have put there. */
  proof?: string;
}

/** Collects the names and values of an expression, so that no text from outside ever becomes part of one. */
function placeholders() {
  const names: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  const name = (attribute: string) => {
    const placeholder = `#${Object.keys(names).length}`;
    names[placeholder] = attribute;
    return placeholder;
  };
  const value = (given: unknown) => {
    const placeholder = `:${Object.keys(values).length}`;
    values[placeholder] = given;
    return placeholder;
  };
  const all = () => ({
    ExpressionAttributeNames: names,
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: toAttributes(values) }),
  });
  return { name, value, all };
}

function putIf(item: Item, when: readonly Clause[] | undefined, otherwise: ErrorCode): Write {
  const { name, value, all } = placeholders();
  const absent = `attribute_not_exists(${name('pk')})`;
  const clauses = when?.map(([attribute, is, bound]) => `${name(attribute)} ${is} ${value(bound)}`).join(' AND ');
  const Item = toAttributes(item);
  const action = {
    Put: {
      TableName: tableName(),
      Item,
      ConditionExpression: clauses === undefined ? absent : `${absent} OR (${clauses})`,
      ...all(),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    },
  };
  return {
    key: { pk: item.pk, sk: item.sk },
    action,
    otherwise,
    tells: true,
    isMine: (old) => isDeepStrictEqual(old, Item),
  };
}

/** A new item: refused when there is one at its key. */
export function put(item: Item, otherwise: ErrorCode): Write {
  return putIf(item, undefined, otherwise);
}

/** A new item in the place of one that is absent or for which `when` holds. */
export function putWhen(item: Item, when: readonly Clause[], otherwise: ErrorCode): Write {
  return putIf(item, when, otherwise);
}

/**
 * A condition of a list that writes nothing: the item at this key, if there is one, has none of these attributes. Each
 * says what it means that it is there. With `when`, an item must be there for which it holds.
 */
export function lacks(
  key: Key,
  attributes: Readonly<Record<string, ErrorCode>>,
  when: readonly Clause[] = [],
  otherwise = Object.values(attributes)[0] ?? 'request.busy',
): Write {
  const { name, value, all } = placeholders();
  const named = Object.entries(attributes);
  const conditions = [
    ...named.map(([attribute]) => `attribute_not_exists(${name(attribute)})`),
    ...when.map(([attribute, is, bound]) => `${name(attribute)} ${is} ${value(bound)}`),
  ];
  const action = {
    ConditionCheck: {
      TableName: tableName(),
      Key: toAttributes({ ...key }),
      ConditionExpression: conditions.join(' AND '),
      ...all(),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    },
  };
  const meaning: Write['meaning'] = (old) => named.find(([attribute]) => attribute in old)?.[1];
  return { key, action, otherwise, meaning, tells: false, isMine: () => false };
}

/** Takes away an item that exists, for which every clause of `when` holds, and which has none of the attributes of `lacks`. */
export function remove(key: Key, when: readonly Clause[], otherwise: ErrorCode, lacks: readonly string[] = []): Write {
  const { name, value, all } = placeholders();
  const clauses = [
    ...when.map(([attribute, is, bound]) => `${name(attribute)} ${is} ${value(bound)}`),
    ...lacks.map((attribute) => `attribute_not_exists(${name(attribute)})`),
  ];
  const action = {
    Delete: {
      TableName: tableName(),
      Key: toAttributes({ ...key }),
      ConditionExpression: [`attribute_exists(${name('pk')})`, ...clauses].join(' AND '),
      ...all(),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    },
  };
  return { key, action, otherwise, tells: false, isMine: () => false };
}

/** A change of an item that exists and for which every clause of `when` holds. */
export function change(
  key: Key,
  { set = {}, add = {}, remove = [], when, lacks = [], proof }: Change,
  otherwise: ErrorCode,
): Write {
  const { name, value, all } = placeholders();
  const sets = Object.entries(set).map(([attribute, to]) => `${name(attribute)} = ${value(to)}`);
  const adds = Object.entries(add).map(([attribute, by]) => {
    const field = name(attribute);
    return `${field} = ${field} + ${value(by)}`;
  });
  const removes = remove.map((attribute) => name(attribute));
  const conditions = [
    `attribute_exists(${name('pk')})`,
    ...when.map(([attribute, is, bound]) => `${name(attribute)} ${is} ${value(bound)}`),
    ...lacks.map((attribute) => `attribute_not_exists(${name(attribute)})`),
  ];
  const parts = [
    ...(sets.length + adds.length > 0 ? [`SET ${[...sets, ...adds].join(', ')}`] : []),
    ...(removes.length > 0 ? [`REMOVE ${removes.join(', ')}`] : []),
  ];
  const action = {
    Update: {
      TableName: tableName(),
      Key: toAttributes({ ...key }),
      UpdateExpression: parts.join(' '),
      ConditionExpression: conditions.join(' AND '),
      ...all(),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    },
  };
  const own = proof === undefined ? undefined : toAttributes({ proof: set[proof] }).proof;
  const isMine: Write['isMine'] = (old) => proof !== undefined && isDeepStrictEqual(old[proof], own);
  return { key, action, otherwise, tells: proof !== undefined, isMine };
}
