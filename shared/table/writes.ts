import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { ErrorCode } from '../errors.ts';
import { type Item, tableName, toAttributes } from './client.ts';
import type { Key } from './keys.ts';

/** One conditional write, and what its refusal means. */
export interface Write {
  action: TransactWriteItem;
  otherwise: ErrorCode;
}

/** A clause of a condition: attribute, comparison, value. All clauses must hold. */
export type Clause = readonly [attribute: string, is: '=' | '<' | '<=' | '>' | '>=', value: string | number];

export interface Change {
  set?: Record<string, unknown>;
  /** Added to a number; what makes it happen only once is `when`, or another write of the same list. */
  add?: Record<string, number>;
  remove?: readonly string[];
  when: readonly Clause[];
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

/** A new item: refused when there is one at its key. */
export function put(item: Item, otherwise: ErrorCode): Write {
  const { name, all } = placeholders();
  const ConditionExpression = `attribute_not_exists(${name('pk')})`;
  const action = {
    Put: {
      TableName: tableName(),
      Item: toAttributes(item),
      ConditionExpression,
      ...all(),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    },
  };
  return { action, otherwise };
}

/** A new item in the place of one that is absent or for which `when` holds. */
export function putWhen(item: Item, when: readonly Clause[], otherwise: ErrorCode): Write {
  const { name, value, all } = placeholders();
  const clauses = when.map(([attribute, is, bound]) => `${name(attribute)} ${is} ${value(bound)}`).join(' AND ');
  const action = {
    Put: {
      TableName: tableName(),
      Item: toAttributes(item),
      ConditionExpression: `attribute_not_exists(${name('pk')}) OR (${clauses})`,
      ...all(),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    },
  };
  return { action, otherwise };
}

/** A change of an item that exists and for which every clause of `when` holds. */
export function change(key: Key, { set = {}, add = {}, remove = [], when }: Change, otherwise: ErrorCode): Write {
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
  return { action, otherwise };
}
