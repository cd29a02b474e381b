import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { clockWord } from '../../infra/local/clock.ts';
import { startFunctions } from '../../infra/local/functions.ts';

const folder = mkdtempSync(join(tmpdir(), 'points-mall-complaints-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, 'asset.broken'));
writeFileSync(
  join(folder, 'asset.broken/index.mjs'),
  'export const handler = async () => { throw new Error("broken"); };',
);

/** What is said of a function that fails in a run whose state lies there. */
async function complaintOf(data: string): Promise<string> {
  const heard: string[] = [];
  const properties = { Code: { S3Key: 'broken.zip' }, Handler: 'index.handler' };
  const functions = startFunctions({
    resources: [{ type: 'AWS::Lambda::Function', name: 'One', arn: 'arn:One', ref: 'One', properties }],
    cdkOut: folder,
    log: { write: () => {} },
    data,
    clock: clockWord({ offset: 0 }),
    environment: {},
    addresses: {},
    complain: (line) => void heard.push(line),
  });
  await functions.invoke('One', {});
  await functions.stop();
  return heard.join('\n');
}

it.each([
  ['.local', /^One: .*broken.* \(npm run trace -- [\w-]+\)$/],
  ['elsewhere', /^One: .*broken.* \(npm run trace -- [\w-]+ --data elsewhere\)$/],
])('a failure in a run of %s is told with the command that tells more', async (data, line) => {
  expect(await complaintOf(data)).toMatch(line);
});
