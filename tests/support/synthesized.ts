import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type Environment, type IPolicyValidationPlugin, Validations } from 'aws-cdk-lib';
import { vi } from 'vitest';
import { readAssembly, type Stack } from '../../infra/local/assembly.ts';
import { pointsMall } from '../../infra/stacks/points-mall.ts';
import type { Stage } from '../../infra/stages.ts';

export interface Raw {
  Type: string;
  Properties: Record<string, unknown>;
  DeletionPolicy?: string;
  UpdatePolicy?: unknown;
}

export interface Synthesized {
  app: App;
  stacks: Stack[];
  /** The resources of a type as the template has them, by logical id. */
  raw(type: string): Record<string, Raw>;
}

const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8')) as {
  context: Record<string, unknown>;
};

/** The stage as `cdk synth` makes it, without bundling; with `checks`, what they or CloudFormation's own find is thrown. */
export function synthesized(
  stage: Stage,
  { env, checks }: { env?: Environment; checks?: (app: App) => IPolicyValidationPlugin } = {},
): Synthesized {
  const outdir = mkdtempSync(join(tmpdir(), 'points-mall-synth-'));
  try {
    vi.stubEnv('CDK_VALIDATION', checks ? undefined : 'false');
    const app = new App({ outdir, context: { ...context, 'aws:cdk:bundling-stacks': [] } });
    pointsMall(app, stage, env);
    if (checks) Validations.of(app).addPlugins(checks(app));
    app.synth();
    const stacks = readAssembly(outdir);
    const all = stacks.flatMap(({ template }) => Object.entries(template.Resources ?? {})) as [string, Raw][];
    return { app, stacks, raw: (type) => Object.fromEntries(all.filter(([, { Type }]) => Type === type)) };
  } finally {
    vi.unstubAllEnvs();
    rmSync(outdir, { recursive: true, force: true });
  }
}
