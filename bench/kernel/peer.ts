import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** What a peer computes: the full SVD of NumPy, or SciPy's top singular triple. */
export type PeerMethod = 'svd' | 'svds';

/** Versions of what the peer runs on. */
export interface PeerVersions {
  numpy: string;
  scipy: string;
  blas: string;
}

/** What the peer found, and how long it took by its own clock. */
export interface PeerAnswer {
  seconds: number;
  v: Float64Array;
}

/** A Python process that is kept alive, so that its start counts in no measurement. */
export interface Peer {
  versions: PeerVersions;
  /** The top right singular vector of a block, and the seconds that the peer took to draw and solve it. */
  solve(method: PeerMethod, nrow: number, ncol: number, seed: number): Promise<PeerAnswer>;
  close(): void;
}

const SCRIPT = fileURLToPath(new URL('peer.py', import.meta.url));

// Whatever BLAS is underneath runs on one thread, as the kernel does.
const ONE_THREAD = {
  OPENBLAS_NUM_THREADS: '1',
  OMP_NUM_THREADS: '1',
  MKL_NUM_THREADS: '1',
  BLIS_NUM_THREADS: '1',
};

/** Starts the peer; throws with what to install where Python, NumPy or SciPy is missing. */
export async function startPeer(python: string): Promise<Peer> {
  const child = spawn(python, [SCRIPT], { env: ONE_THREAD, stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = answersOf(child);
  const hello = (await answers.next()) as Partial<PeerVersions> & { missing?: string };
  if (hello.missing !== undefined) throw new Error(howToInstall(python, hello.missing));
  const { numpy = '', scipy = '', blas = '' } = hello;
  return {
    versions: { numpy, scipy, blas },
    async solve(method, nrow, ncol, seed) {
      child.stdin.write(`${JSON.stringify({ method, nrow, ncol, seed })}\n`);
      const { seconds, v } = (await answers.next()) as { seconds: number; v: string };
      return { seconds, v: new Float64Array(Uint8Array.from(Buffer.from(v, 'base64')).buffer) };
    },
    close() {
      child.stdin.end();
    },
  };
}

// The child's lines as JSON, or what a `missing` answer would say where it cannot be started.
function answersOf(child: ChildProcessByStdio<Writable, Readable, null>): { next(): Promise<unknown> } {
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const notStarted = new Promise<{ missing: string } | undefined>((resolve) => {
    child.once('error', (error) => resolve({ missing: error.message }));
    child.once('spawn', () => resolve(undefined));
  });
  return {
    async next() {
      const failure = await notStarted;
      if (failure !== undefined) return failure;
      const { value, done } = await lines.next();
      if (done === true) throw new Error('the Python peer ended without an answer; its message is above');
      return JSON.parse(value);
    },
  };
}

function howToInstall(python: string, missing: string): string {
  return (
    `${python} with NumPy and SciPy is needed as the peer (${missing}): ` +
    'apt-get install python3-numpy python3-scipy, or name another with --python PATH'
  );
}
