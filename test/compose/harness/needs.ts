import { join } from 'node:path';
import { attempt } from '../../slurm/harness/execute.ts';

/** What takes apt minutes on a slow line: 250 MB. */
const INSTALL_MS = 480_000;

/**
 * Resolves when this machine can have an engine of the tests' own: as root, with Debian's packages, which are got where
 * they are missing; the plugins come into `folder`. Otherwise throws with the one line that says what is missing.
 */
export async function meetNeeds(folder: string): Promise<void> {
  const wish = 'the tests of docker-compose.yml need a Docker engine that answers (DOCKER_HOST, or its usual socket) and `docker compose`';
  if (process.platform !== 'linux' || process.getuid?.() !== 0) throw new Error(`${wish}; as root on Debian they start one themselves`);
  if ((await attempt(['sh', '-c', 'command -v apt-get && command -v ip'])).code !== 0) throw new Error(`${wish}; they start one themselves with apt-get and ip, which are not here`);
  const got = await attempt(['sh', join(import.meta.dirname, 'get-engine.sh'), folder], process.env, INSTALL_MS);
  if (got.code !== 0) throw new Error(`${wish}, and Debian's packages did not give one: ${got.stderr.trim().split('\n').at(-1)}`);
}
