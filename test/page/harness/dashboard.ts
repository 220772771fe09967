import type { Page } from 'playwright-core';
import { until } from '../../system/harness/until.ts';
import type { Command } from '../../system/harness/command.ts';
import type { Workspace } from '../../system/harness/workspace.ts';

/** The link that lets a browser in, once. */
const LINK = /http:\/\/127\.0\.0\.1:\d+\/enter\?token=\S+/;

/** Starts `sluice dashboard` in the workspace. */
export async function startDashboard(workspace: Workspace, ...parameters: string[]): Promise<{ readonly command: Command; readonly link: string }> {
  const command = workspace.sluice('dashboard', ...parameters);
  const link = await until('the dashboard prints its link', () => {
    if (command.gone) throw new Error(`it ended: ${command.stderr}`);
    return LINK.exec(command.stdout)?.[0];
  });
  return { command, link };
}

/** Starts `sluice up` in the workspace, and resolves when its broker can be found. */
export async function startUp(workspace: Workspace): Promise<Command> {
  const command = workspace.sluice('up');
  await until('up is up', () => command.stdout.includes('broker') || undefined);
  return command;
}

/** The number that a figure of the page shows; undefined where it shows none. */
export async function figure(page: Page, name: string): Promise<number | undefined> {
  const text = await page.locator(`[data-figure="${name}"]`).textContent({ timeout: 5_000 });
  const digits = /^[\d,.]+/.exec(text ?? '')?.[0];
  return digits === undefined ? undefined : Number(digits.replaceAll(',', ''));
}

/** Shows `table` by the page's own chooser. */
export async function choose(page: Page, table: string): Promise<void> {
  const chooser = page.getByLabel('Table');
  await until(`the page can choose ${table}`, async () => (await chooser.locator('option').allTextContents()).includes(table));
  await chooser.selectOption(table);
  await page.getByRole('heading', { level: 1, name: table }).waitFor();
}
