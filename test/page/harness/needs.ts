import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Names under which a Chromium may be installed. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const PACKAGE = 'chromium';

/** Time that apt-get may take; the package has 100 MB. */
const INSTALL_MS = 400_000;

/**
 * The path of a Chromium on PATH; as root one is installed by apt-get where there is none. Otherwise throws with the one
 * line that says what is missing.
 */
export async function findChromium(): Promise<string> {
  const found = await onPath();
  if (found !== undefined) return found;
  await install();
  const installed = await onPath();
  if (installed !== undefined) return installed;
  throw new Error(missing());
}

async function onPath(): Promise<string | undefined> {
  const looked = await Promise.all(NAMES.map(async (name) => await execute('sh', ['-c', 'command -v "$0"', name]).then(({ stdout }) => stdout.trim(), () => undefined)));
  return looked.find((path) => path !== undefined);
}

async function install(): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error(missing());
  const quietly = ['-qq', '-o', 'DPkg::Lock::Timeout=120'];
  const options = { timeout: INSTALL_MS, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  const installing = [...quietly, 'install', '-y', '--no-install-recommends', PACKAGE];
  try {
    await execute('apt-get', installing, options).catch(async () => {
      await execute('apt-get', [...quietly, 'update'], options);
      await execute('apt-get', installing, options);
    });
  } catch (cause) {
    throw new Error(missing(), { cause });
  }
}

function missing(): string {
  return `the tests of the page need a Chromium on PATH; type: apt-get install ${PACKAGE}`;
}
