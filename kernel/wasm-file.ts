/** The compiled kernel of this checkout. Beside the bundled consumer (setup/bundle.mjs) it is another. */
export const KERNEL_FILE = new URL('../dist/kernel.wasm', import.meta.url);
