/** The entry of a computing thread or process. In the bundled consumer (setup/bundle.mjs) that is the bundle itself. */
export const WORKER_FILE = new URL('./worker.mjs', import.meta.url);
