import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { executablePath, openBrowser } from '../support/browser.ts';
import { ROOT, startLocal } from '../support/started.ts';

const local = startLocal();
/** For a machine that is busy with much else. */
const PATIENCE_MS = 90_000;

/** The shell blocks of the guide in one language, as they are served. */
async function blocks(language: 'zh' | 'en'): Promise<string[]> {
  const document = (await (await fetch(`${local.api}/openapi.json`)).json()) as { info: { description: string } };
  const section = document.info.description.split(`<details lang="${language}">`)[1]?.split('</details>')[0] ?? '';
  return [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, commands = '']) => commands);
}

describe('a till that was written from the guide alone', () => {
  it('copies the blocks one after the other, and each does what its words say', async () => {
    const commands = await blocks('en');
    expect(await blocks('zh')).toEqual(commands);
    expect(commands).toHaveLength(7);
    const script = commands.map((block, i) => `echo "=== ${i + 1}"\n${block}`).join('\n');
    const { stdout, stderr, status } = spawnSync('bash', ['-u'], {
      cwd: ROOT,
      encoding: 'utf8',
      input: script.replace('. .local/demo.env', `. ${local.data}/demo.env`),
    });
    expect([status, stderr]).toEqual([0, '']);
    const [, , first, again, other, taken, held, pages] = stdout.split(/=== \d\n/);
    expect(first).toMatch(/^HTTP\/1.1 201 [\s\S]*"points":128/);
    const bodyOf = (answer = '') => answer.trim().split('\r\n\r\n')[1];
    expect(again).toMatch(/idempotency-replayed: true/);
    expect(bodyOf(again)).toBe(bodyOf(first));
    expect(other).toMatch(/^HTTP\/1.1 422 [\s\S]*application\/problem\+json[\s\S]*"code":"purchases.number_reused"/);
    expect(taken).toMatch(/^HTTP\/1.1 201 [\s\S]*"taken":50,[\s\S]*"leftFen":7860[\s\S]*\n[\s\S]*"returnedFen":5000/);
    expect(held).toMatch(/^HTTP\/1.1 200 [\s\S]*"status":"CAPTURED"/);
    const products = (pages ?? '').trim().split('\n');
    expect(products.map((page) => (JSON.parse(page) as { items: unknown[] }).items.length)).toEqual([2, 1]);
  });
});

describe.skipIf(!executablePath)('a person with a browser', () => {
  const held = openBrowser();

  /** A new page, and what it complains of. */
  async function open(path: string, origin = local.api): Promise<{ page: Page; complaints: string[] }> {
    const page = await held.browser.newPage({ locale: 'en-GB' });
    page.setDefaultTimeout(PATIENCE_MS);
    const complaints: string[] = [];
    page.on('console', (said) => {
      if (said.type() === 'error' || said.type() === 'warning') complaints.push(said.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${origin}${path}`);
    return { page, complaints };
  }

  /** Opens an operation and presses "Try it out". */
  async function tryOut(page: Page, method: string, path: string) {
    const block = page.locator(`.opblock-${method}`, { has: page.locator(`[data-path="${path}"]`) });
    await block.locator('.opblock-summary-control').click();
    await block.getByRole('button', { name: 'Try it out' }).click();
    return block;
  }

  const statusOf = '.live-responses-table .response-col_status >> nth=1';

  it('reads the guide in the own language, tries an operation out and gets a 200', async () => {
    const { page, complaints } = await open('/docs');
    await page.locator('details[lang=en][open] h3').first().waitFor();
    expect(await page.locator('details[lang=zh][open]').count()).toBe(0);
    const block = await tryOut(page, 'get', '/v1/products');
    await block.getByRole('button', { name: 'Execute' }).click();
    expect(await block.locator(statusOf).textContent()).toContain('200');
    expect(complaints).toEqual([]);
  });

  it('authorizes as a till and reports the example', async () => {
    const { till } = JSON.parse(readFileSync(join(local.data, 'demo.json'), 'utf8')) as {
      till: { clientId: string; clientSecret: string };
    };
    const { page, complaints } = await open('/docs');
    await page.locator('.btn.authorize').first().click();
    const form = page.locator('.auth-container', { hasText: 'partner (OAuth2' });
    await form.getByLabel('client_id').fill(till.clientId);
    await form.getByLabel('client_secret').fill(till.clientSecret);
    await form.getByRole('button', { name: 'Apply given OAuth2 credentials' }).click();
    await page.locator('.auth-container').getByText('Logout').waitFor();
    await page.locator('.dialog-ux .close-modal').click();
    const block = await tryOut(page, 'post', '/v1/purchases');
    await block.locator('tr[data-param-name="Idempotency-Key"] input').fill('from-the-page');
    await block.getByRole('button', { name: 'Execute' }).click();
    expect(await block.locator(statusOf).textContent()).toContain('201');
    expect(complaints).toEqual([]);
  });

  it('calls from a page of another origin, and reads what it needs of the answer', async () => {
    const elsewhere = local.api.replace('127.0.0.1', 'localhost');
    const { page } = await open('/local/clock', elsewhere);
    const answer = await page.evaluate(async (api) => {
      const headers = { authorization: 'Bearer none', 'idempotency-key': 'k', 'content-type': 'application/json' };
      const got = await fetch(`${api}/v1/purchases`, { method: 'POST', headers, body: '{}' });
      return [got.status, got.headers.get('apigw-requestid') !== null];
    }, local.api);
    expect(answer).toEqual([401, true]);
  });
});
