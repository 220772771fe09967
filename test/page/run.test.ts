import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { processesIn, sendSignal } from '../system/harness/processes.ts';
import { until } from '../system/harness/until.ts';
import { openWorkspace, type Workspace } from '../system/harness/workspace.ts';
import { openBrowser, type Watched } from './harness/browser.ts';
import { choose, figure, startDashboard, startUp } from './harness/dashboard.ts';
import { keepPicture } from './harness/pictures.ts';

/** Point 3 fails until the file `mended` is there, and says so in markup; its other points take a moment. */
const LUCK = `
import { existsSync } from 'node:fs';
export const name = 'luck';
export const version = '1';
export async function run({ n }) {
  if (n === 3 && !existsSync('mended')) throw new Error('<b>no luck</b> with ' + n);
  return { square: n * n };
}`;

const BLOCKS = 240;

// In this order: each test watches the same run go on.
let workspace: Workspace;
let browser: Watched;
let page: Page;

beforeAll(async () => {
  workspace = openWorkspace('page');
  browser = await openBrowser(inject('chromium'));
  await startUp(workspace);
  const { link } = await startDashboard(workspace);
  page = await browser.page();
  await page.goto(link);
});

afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  await workspace?.[Symbol.asyncDispose]();
});

test('a page without a table says so, and shows one that comes by itself', async () => {
  await page.getByText('There is no table yet.').waitFor();
  await workspace.json(['enqueue', 'svd-block', '--blocks', String(BLOCKS), '--nrow', '400', '--ncol', '300']);
  await page.getByRole('heading', { level: 1, name: 'svd_block' }).waitFor();
  await until('the points wait', async () => (await figure(page, 'waiting')) === BLOCKS);
  expect(await page.getByText('None is there.').count()).toBe(1);
});

test('numbers move and the plots grow while rows arrive, to the answer', async () => {
  workspace.sluice('consume', '--threads', '1');
  const dots = page.locator('[data-chart="error-chart"] circle');
  const seen = new Set<number>();
  const drawn = new Set<number>();
  await until('all are stored', async () => {
    seen.add((await figure(page, 'stored')) ?? 0);
    drawn.add(await dots.count());
    return seen.has(BLOCKS);
  }, 60_000);
  expect(seen.size).toBeGreaterThan(3);
  // 1, 2, 5, 10, ... 200 rows, and all of them.
  await until('the whole plot is drawn', async () => (await dots.count()) >= 9, 60_000);
  drawn.add(await dots.count());
  expect(drawn.size).toBeGreaterThan(1);
  await page.getByRole('heading', { name: 'Answer' }).waitFor();
  expect(await page.locator('.answer').textContent()).toMatch(/errorCombined0\.0\d+/);
  expect(await page.locator('[data-chart="error-chart"] .chart-reference').count()).toBeGreaterThan(0);
  expect(await page.locator('[data-chart="alignment-chart"] rect').count()).toBeGreaterThan(3);
  expect(await page.locator('[data-share]').textContent()).toBe('100 %');
  expect(await page.locator('tbody tr').filter({ hasText: 'of 1' }).count()).toBe(1);
  await keepPicture(page, 'complete');
});

test('a point that fails appears with its message as text, and its button runs it again, by the keyboard', async () => {
  workspace.file('luck.mjs', LUCK);
  const spec = workspace.file('luck.json', { experiment: './luck.mjs', table_name: 'luck', params: [{ n: { range: [0, 8] } }] });
  await workspace.json(['enqueue', spec, '--attempts', '1']);
  await choose(page, 'luck');
  const button = page.getByRole('button', { name: /^Retry 1 point/ });
  await button.waitFor();
  expect(await page.locator('.message').textContent()).toContain('<b>no luck</b> with 3');
  expect(await figure(page, 'failed')).toBe(1);
  await keepPicture(page, 'failure');
  workspace.file('mended', '');
  await button.focus();
  await page.keyboard.press('Enter');
  await page.getByText('1 point runs again.').waitFor();
  await until('it is stored', async () => (await figure(page, 'stored')) === 8 && (await figure(page, 'failed')) === 0);
  expect(await button.count()).toBe(0);
  // What was said stands, and the focus is where the button stood.
  expect(await page.evaluate('document.activeElement.id')).toBe('failures');
});

test('a sink that stops is told in plain words, and that it is back', async () => {
  const sink = await until('the sink is seen', () => processesIn(workspace.folder).find(({ command }) => / sink( |$)/.test(command)));
  sendSignal(sink.pid, 'SIGSTOP');
  try {
    await workspace.json(['enqueue', 'svd-block', '--table', 'held_up', '--blocks', '4', '--nrow', '20', '--ncol', '20']);
    const banner = page.locator('[data-banner="sink"]');
    await banner.waitFor({ timeout: 40_000 });
    expect(await banner.textContent()).toMatch(/sink .*(stream|wait)/i);
    expect(await page.locator('[data-part="sink"]').getAttribute('data-up')).toBe('false');
    await keepPicture(page, 'sink-stopped');
    sendSignal(sink.pid, 'SIGCONT');
    await banner.waitFor({ state: 'detached' });
    expect(await page.locator('[data-part="sink"]').getAttribute('data-up')).toBe('true');
    await until('it was said aloud', async () => /sink is back/.test((await page.locator('[role="status"].unseen').textContent()) ?? ''));
  } finally {
    sendSignal(sink.pid, 'SIGCONT');
  }
});

test('the page asked no other host for anything, and nothing was refused or failed in it', () => {
  expect(browser.strangers).toEqual([]);
  expect(browser.faults).toEqual([]);
});
