import { expect, inject, test } from 'vitest';
import { openWorkspace } from '../system/harness/workspace.ts';
import { fillDatabase } from '../system/harness/million.ts';
import { openBrowser } from './harness/browser.ts';
import { startDashboard } from './harness/dashboard.ts';
import { keepPicture } from './harness/pictures.ts';

test('a server that is gone is told by a banner that leaves the numbers; it goes when the server is back', async () => {
  await using workspace = openWorkspace('page-lost');
  fillDatabase(workspace.data, 'walk', 1000);
  await using browser = await openBrowser(inject('chromium'));
  const { command, link } = await startDashboard(workspace);
  const page = await browser.page();
  await page.goto(link);
  await page.getByRole('heading', { level: 1, name: 'walk' }).waitFor();
  await command.end('SIGKILL');
  await page.locator('[data-banner="lost"]').waitFor();
  expect(await page.locator('[data-figure="stored"]').textContent()).toBe('1,000');
  await keepPicture(page, 'connection-lost');
  const again = await startDashboard(workspace, '--port', new URL(link).port);
  // The new server knows the page by no cookie; the page says what to do, and goes on when that was done.
  await page.locator('[data-banner="refused"]').waitFor();
  const other = await page.context().newPage();
  await other.goto(again.link);
  await page.locator('[data-banner]').filter({ hasText: 'server' }).waitFor({ state: 'detached' });
  await page.locator('.link-live').waitFor();
});
