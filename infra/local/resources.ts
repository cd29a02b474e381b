import type { Stack } from './assembly.ts';
import { holds, localName, ownOf, resolve } from './intrinsics.ts';
import { Refusal } from './refusal.ts';
import { inert, runs } from './resource-types.ts';

/** One resource of the template with everything in it resolved; `name` is what it is called on this machine. */
export interface Resource<Properties = Record<string, unknown>> {
  type: string;
  name: string;
  arn: string;
  ref: string;
  properties: Properties;
}

/** Every resource that runs here. A type that neither runs nor is known to be inert is refused by name. */
export function readResources(stacks: readonly Stack[]): Resource[] {
  const found: Resource[] = [];
  for (const stack of stacks) {
    const scope = { stack, stacks };
    for (const [logicalId, { Type, Properties = {}, Condition }] of Object.entries(stack.template.Resources ?? {})) {
      if (inert.has(Type) || (Condition && !holds(Condition, scope))) continue;
      const type = runs[Type];
      if (!type) {
        throw new Refusal(
          `${stack.name} holds ${logicalId} of type ${Type}, which the local runtime neither runs nor knows to be inert: write its family in infra/local/ or list it in infra/local/resource-types.ts.`,
        );
      }
      const name = localName(logicalId);
      const ref = type.ref(name, ownOf(logicalId, scope));
      const properties = resolve(Properties, scope) as Record<string, unknown>;
      found.push({
        type: Type,
        name,
        arn: type.attributes['Arn']?.(name) ?? ref,
        ref,
        properties,
      });
    }
  }
  refuseTwins(found);
  return found;
}

function refuseTwins(resources: readonly Resource[]): void {
  const seen = new Set<string>();
  for (const { type, name } of resources) {
    const key = `${type} ${name}`;
    if (seen.has(key))
      throw new Refusal(
        `Two resources of type ${type} would both be called ${name} here: give one another construct id.`,
      );
    seen.add(key);
  }
}

/** The resources of one type; `Properties` is the part of its CloudFormation shape that the caller reads. */
export function ofType<Properties = Record<string, unknown>>(
  resources: readonly Resource[],
  type: string,
): Resource<Properties>[] {
  return resources.filter((resource) => resource.type === type) as Resource<Properties>[];
}
