import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from './refusal.ts';

/** A CloudFormation template, as far as it is read here. */
export interface Template {
  Resources?: Record<string, { Type: string; Properties?: Record<string, unknown>; Condition?: string }>;
  Outputs?: Record<string, { Value: unknown; Export?: { Name: unknown } }>;
  Parameters?: Record<string, { Type: string; Default?: unknown }>;
  Conditions?: Record<string, unknown>;
}

export interface Stack {
  name: string;
  template: Template;
}

interface Manifest {
  artifacts?: Record<string, { type: string; properties?: { templateFile?: string; stackName?: string } }>;
}

function readJson<T>(path: string): T {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch {
    throw new Refusal(`${path} is not a synthesized app: run npm run synth and look at what it says.`);
  }
}

/** The stacks that the manifest of `cdk.out` names. */
export function readAssembly(cdkOut: string): Stack[] {
  const { artifacts = {} } = readJson<Manifest>(join(cdkOut, 'manifest.json'));
  return Object.entries(artifacts).flatMap(([id, { type, properties }]) => {
    if (type !== 'aws:cloudformation:stack' || !properties?.templateFile) return [];
    const template = readJson<Template>(join(cdkOut, properties.templateFile));
    return [{ name: properties.stackName ?? id, template }];
  });
}
