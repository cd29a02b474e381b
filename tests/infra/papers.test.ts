import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { stages } from '../../infra/stages.ts';
import { type Synthesized, synthesized } from '../support/synthesized.ts';

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
const runbook = read('docs/RUNBOOK.md');
const papers = `${runbook}\n${read('README.md')}`;

let production: Synthesized;
beforeAll(() => void (production = synthesized(stages.production)));

const templateOf = (stack: string) =>
  production.stacks.find(({ name }) => name === `PointsMall-production-${stack}`)?.template;

/** What `stack` of the runbook finds: logical ids by type, and by a part of them. */
function found(stack: string, type: string, part = ''): string[] {
  const all = Object.entries(templateOf(stack)?.Resources ?? {});
  return all.flatMap(([id, { Type }]) => (Type === type && id.includes(part) ? id : []));
}

const asked = (pattern: RegExp, of = papers) => [...of.matchAll(pattern)].map(([, ...words]) => words.filter(Boolean));

describe('a command of the papers', () => {
  it('asks for outputs that the stacks have', () => {
    const outputs = asked(/\$\(output (\w+) (\w+)\)/g);
    expect(outputs.length).toBeGreaterThan(4);
    const missing = outputs.filter(([stack = '', name = '']) => !templateOf(stack)?.Outputs?.[name]);
    expect(missing).toEqual([]);
  });

  it('gets one name where it needs one, and some where it asks for all', () => {
    const one = asked(/\$\(stack (\w+) (AWS::\w+::\w+)(?: (\w+))?\)/g);
    expect(one.length).toBeGreaterThan(5);
    for (const [stack = '', type = '', part] of one)
      expect(found(stack, type, part), `${type} ${part}`).toHaveLength(1);
    for (const [stack = '', type = '', part] of asked(/stack (\w+) (AWS::\w+::\w+)(?: (\w+))?/g))
      expect(found(stack, type, part), `${type} ${part}`).not.toEqual([]);
  });

  it('reads all resources of a stack, however many', () => {
    expect(papers).not.toContain('describe-stack-resources');
    expect(Object.keys(templateOf('Api')?.Resources ?? {}).length).toBeGreaterThan(100);
  });

  it('uses no name that was not set', () => {
    const set = new Set(asked(/\b([A-Z][A-Z_]+)=/g, runbook).flat());
    const used = asked(/\$\{?([A-Z][A-Z_]+)\b/g, runbook).flat();
    expect(used.filter((name) => !set.has(name))).toEqual([]);
  });

  it('calls the secret of the operator by one name', () => {
    expect(papers.match(/SMS secret|secret of the first staff client|FirstStaffSecret/g)).toBeNull();
  });

  it('gives back the numbers of the stage and of the authorizers', () => {
    const { rateLimit, burstLimit } = stages.production.throttle;
    expect(runbook).toContain(`ThrottlingRateLimit=${rateLimit},ThrottlingBurstLimit=${burstLimit}`);
    const places = Object.entries(production.raw('AWS::Lambda::Function')).flatMap(([id, { Properties }]) =>
      Properties['ReservedConcurrentExecutions'] === undefined
        ? []
        : [`${JSON.stringify(Properties['ReservedConcurrentExecutions'])} (\`${id.replace(/Function\w+$/, '')}\`)`],
    );
    expect(places).toHaveLength(2);
    for (const place of places) expect(runbook).toContain(place);
  });
});
