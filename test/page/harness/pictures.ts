import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** Where pictures are kept for who wants to look; git ignores it. */
export const PICTURES = join(import.meta.dirname, '..', '..', '..', '.cache', 'screenshots');

/** Keeps a picture of the page as `NAME.png`. */
export async function keepPicture(page: Page, name: string, fullPage = true): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage, animations: 'disabled' });
}
