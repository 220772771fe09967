import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const CHECKOUT = fileURLToPath(new URL('..', import.meta.url));

/** Where this checkout is, and the Node that runs us, by the paths that nodes of a cluster see too. */
export function thisCheckout(): { readonly checkout: string; readonly node: string } {
  return { checkout: resolve(CHECKOUT), node: realpathSync(process.execPath) };
}
