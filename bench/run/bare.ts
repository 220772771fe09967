import { parentPort, Worker } from 'node:worker_threads';
import { loadKernel } from '../../kernel/kernel.ts';

/** The main experiment's block: svd-block's shape, strength and random stream. */
const BLOCK = { nrow: 1000, ncol: 1000, strength: 3 };
const RNG_SEED_STRIDE = 10_000;

const ENTRY = new URL('./bare.mjs', import.meta.url);

/** What a thread is given: how many blocks there are, and the shared count of those taken. */
export interface Share {
  readonly blocks: number;
  readonly taken: Int32Array;
}

/** What a thread came to. */
interface Done {
  readonly computed: number;
  /** From its kernel's being loaded to its last block. */
  readonly loopSeconds: number;
  /** Sum of the blocks' top singular values, so that the work is seen to be done. */
  readonly sigmas: number;
}

/** What the process prints as JSON on its last line. */
export interface BareReport {
  readonly threads: number;
  readonly computed: number;
  /** From the process's start to the last block. */
  readonly seconds: number;
  /** Mean over the threads of the time between the kernel's being loaded and the thread's last block. */
  readonly loopSeconds: number;
  readonly sigmas: number;
}

/**
 * Computes the blocks with seeds 0 to blocks - 1 on `threads` threads and prints a BareReport. Each thread
 * begins as soon as its own kernel is loaded, and takes the next block when it is done with one.
 */
export async function divideBlocks(blocks: number, threads: number): Promise<void> {
  const taken = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const share: Share = { blocks, taken };
  const done = await Promise.all(Array.from({ length: threads }, () => startThread(share)));
  const sum = (pick: (thread: Done) => number): number =>
    done.reduce((total, thread) => total + pick(thread), 0);
  const report: BareReport = {
    threads,
    computed: sum(({ computed }) => computed),
    seconds: performance.now() / 1000,
    loopSeconds: sum(({ loopSeconds }) => loopSeconds) / threads,
    sigmas: sum(({ sigmas }) => sigmas),
  };
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

async function startThread(share: Share): Promise<Done> {
  const worker = new Worker(ENTRY, { workerData: share, execArgv: [] });
  return await new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

/** A thread's part: computes blocks until all are taken, then posts a Done to the process. */
export async function computeShare({ blocks, taken }: Share): Promise<void> {
  const kernel = await loadKernel();
  const start = performance.now();
  let computed = 0;
  let sigmas = 0;
  for (let seed = Atomics.add(taken, 0, 1); seed < blocks; seed = Atomics.add(taken, 0, 1)) {
    sigmas += kernel.signalBlockTriple({ ...BLOCK, rngSeed: 1 + seed * RNG_SEED_STRIDE }).sigma;
    computed += 1;
  }
  const done: Done = { computed, loopSeconds: (performance.now() - start) / 1000, sigmas };
  parentPort?.postMessage(done, []);
}
