import type { Stack } from './assembly.ts';
import { Refusal } from './refusal.ts';
import { inert, place, runs } from './resource-types.ts';

/** Everything that an intrinsic may look at: the stack it stands in, and all the others for their exports. */
export interface Scope {
  stack: Stack;
  stacks: readonly Stack[];
}

type Intrinsic = (argument: unknown, scope: Scope) => unknown;

/** What `AWS::NoValue` leaves: the property that holds it does not exist. */
const absent = Symbol('AWS::NoValue');

const pseudoParameters: Record<string, unknown> = {
  'AWS::AccountId': place.account,
  'AWS::Region': place.region,
  'AWS::Partition': place.partition,
  'AWS::URLSuffix': place.suffix,
  'AWS::NoValue': absent,
};

/** The name that a resource has on this machine: its logical id without the hash that CDK adds. */
export function localName(logicalId: string): string {
  return logicalId.replace(/(Function)?[0-9A-F]{8}$/, '');
}

function unresolved(what: string, { stack }: Scope): Refusal {
  return new Refusal(
    `${stack.name} says ${what}, which the local runtime does not resolve: teach it in infra/local/intrinsics.ts.`,
  );
}

function list(argument: unknown, scope: Scope): unknown[] {
  const resolved = resolve(argument, scope);
  if (!Array.isArray(resolved)) throw unresolved(JSON.stringify(argument), scope);
  return resolved;
}

function typeOf(name: string, { stack }: Scope): string {
  return stack.template.Resources?.[name]?.Type ?? '';
}

/** What is inert still has a name that others may mention; nobody looks behind it. */
function ref(argument: unknown, scope: Scope): unknown {
  const name = String(argument);
  if (name in pseudoParameters) return pseudoParameters[name];
  if (name === 'AWS::StackName' || name === 'AWS::StackId') return scope.stack.name;
  const parameter = scope.stack.template.Parameters?.[name];
  if (parameter?.Default !== undefined) return parameter.Default;
  const type = typeOf(name, scope);
  if (inert.has(type)) return localName(name);
  const known = runs[type];
  if (!known) throw unresolved(`Ref ${name}`, scope);
  return known.ref(localName(name), ownOf(name, scope));
}

/** Reads the other properties of a resource, for the few whose name hangs on one. */
export function ownOf(name: string, scope: Scope): (property: string) => string {
  const properties = scope.stack.template.Resources?.[name]?.Properties ?? {};
  return (property) => String(resolve(properties[property], scope));
}

function getAttribute(argument: unknown, scope: Scope): unknown {
  const [name = '', attribute = ''] =
    typeof argument === 'string' ? argument.split('.') : list(argument, scope).map(String);
  const type = typeOf(name, scope);
  if (inert.has(type)) return `${localName(name)}.${attribute}`;
  const find = runs[type]?.attributes[attribute];
  if (!find) throw unresolved(`Fn::GetAtt ${name}.${attribute}`, scope);
  return find(localName(name));
}

function substitute(argument: unknown, scope: Scope): string {
  const [text, names] = typeof argument === 'string' ? [argument, {}] : list(argument, scope);
  const given = (names ?? {}) as Record<string, unknown>;
  return String(text).replaceAll(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    if (name in given) return String(given[name]);
    return String(name.includes('.') ? getAttribute(name, scope) : ref(name, scope));
  });
}

function importValue(argument: unknown, scope: Scope): unknown {
  const name = resolve(argument, scope);
  for (const stack of scope.stacks) {
    for (const { Value, Export } of Object.values(stack.template.Outputs ?? {})) {
      if (Export && resolve(Export.Name, { ...scope, stack }) === name) return resolve(Value, { ...scope, stack });
    }
  }
  throw unresolved(`Fn::ImportValue ${String(name)}`, scope);
}

/** Whether the named condition of the scope's stack holds. */
export function holds(name: string, scope: Scope): boolean {
  const condition = scope.stack.template.Conditions?.[name];
  if (condition === undefined) throw unresolved(`Condition ${name}`, scope);
  return resolve(condition, scope) === true;
}

const intrinsics: Record<string, Intrinsic> = {
  Ref: ref,
  'Fn::GetAtt': getAttribute,
  'Fn::Sub': substitute,
  'Fn::ImportValue': importValue,
  'Fn::Join': (argument, scope) => {
    const [separator, parts] = list(argument, scope);
    return (parts as unknown[]).join(String(separator));
  },
  'Fn::Select': (argument, scope) => {
    const [index, from] = list(argument, scope);
    return (from as unknown[])[Number(index)];
  },
  'Fn::Split': (argument, scope) => {
    const [separator, text] = list(argument, scope);
    return String(text).split(String(separator));
  },
  'Fn::If': (argument, scope) => {
    const [name, yes, no] = argument as [string, unknown, unknown];
    return resolve(holds(name, scope) ? yes : no, scope);
  },
  'Fn::Equals': (argument, scope) => {
    const [one, other] = list(argument, scope);
    return JSON.stringify(one) === JSON.stringify(other);
  },
  'Fn::Not': (argument, scope) => list(argument, scope)[0] !== true,
  'Fn::And': (argument, scope) => list(argument, scope).every((part) => part === true),
  'Fn::Or': (argument, scope) => list(argument, scope).some((part) => part === true),
  Condition: (argument, scope) => holds(String(argument), scope),
};

function resolveObject(value: object, scope: Scope): unknown {
  const entries: [string, unknown][] = Object.entries(value);
  const [only] = entries;
  if (only && entries.length === 1) {
    const [name, argument] = only;
    const intrinsic = name === 'Condition' && typeof argument !== 'string' ? undefined : intrinsics[name];
    if (intrinsic) return intrinsic(argument, scope);
    if (name.startsWith('Fn::')) throw unresolved(name, scope);
  }
  return Object.fromEntries(
    entries.map(([key, part]) => [key, resolve(part, scope)] as const).filter(([, part]) => part !== absent),
  );
}

/** The value with every intrinsic in it replaced by what it means on this machine. */
export function resolve(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((part) => resolve(part, scope)).filter((part) => part !== absent);
  return typeof value === 'object' && value !== null ? resolveObject(value, scope) : value;
}
