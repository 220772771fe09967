import { parseArgs } from 'node:util';

import { type Kernel, loadKernel } from '../../kernel/kernel.ts';
import { type Peer, type PeerMethod, startPeer } from './peer.ts';

// One 1000 x 1000 block of the main experiment.
const NROW = 1000;
const NCOL = 1000;
const STRENGTH = 3;

const ROUNDS = 15;
const SMOKE_ROUNDS = 5;
// Kernel blocks per round: they are short, and the first after a peer's turn finds the caches full of the
// peer.
const KERNEL_BLOCKS = 5;
// Blocks before the first measurement: V8 has then compiled the kernel with its optimizing compiler.
const WARM_UP_BLOCKS = 30;

// How many times faster than each peer the kernel must be, in medians of one run.
const REQUIRED: Record<PeerMethod, number> = { svd: 25, svds: 1.8 };
const NAMES: Record<PeerMethod, string> = { svd: 'numpy.linalg.svd', svds: 'scipy svds(k=1)' };
const METHODS: PeerMethod[] = ['svd', 'svds'];

/** The largest distance allowed between unit vectors, up to sign. */
const LARGEST_DISTANCE = 1e-12;

interface Samples {
  kernelMs: number[];
  peerMs: Record<PeerMethod, number[]>;
  distance: Record<PeerMethod, number>;
}

interface Summary {
  medianMs: number;
  bestMs: number;
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function summarize(values: number[]): Summary {
  return { medianMs: median(values), bestMs: Math.min(...values) };
}

function distanceUpToSign(a: Float64Array, b: Float64Array): number {
  const distance = (sign: number): number => Math.hypot(...a.map((x, index) => x - sign * (b[index] ?? 0)));
  return Math.min(distance(1), distance(-1));
}

function timeKernel(kernel: Kernel, seed: number, times: number[]): Float64Array {
  const block = { nrow: NROW, ncol: NCOL, rngSeed: 1 + seed * 10_000, strength: STRENGTH };
  const start = performance.now();
  const { v } = kernel.signalBlockTriple(block);
  times.push(performance.now() - start);
  return v;
}

// One round is some kernel blocks and one block of each peer, so that a busy moment of the machine meets them
// all.
async function measure(kernel: Kernel, peer: Peer, rounds: number): Promise<Samples> {
  const samples: Samples = { kernelMs: [], peerMs: { svd: [], svds: [] }, distance: { svd: 0, svds: 0 } };
  for (let seed = 0; seed < WARM_UP_BLOCKS; seed++) timeKernel(kernel, seed, []);
  for (let seed = 0; seed < rounds; seed++) {
    for (const method of METHODS) {
      let v: Float64Array = new Float64Array();
      for (let block = 0; block < KERNEL_BLOCKS; block++) v = timeKernel(kernel, seed, samples.kernelMs);
      const answer = await peer.solve(method, NROW, NCOL, seed);
      samples.peerMs[method].push(answer.seconds * 1000);
      samples.distance[method] = Math.max(samples.distance[method], distanceUpToSign(v, answer.v));
    }
  }
  return samples;
}

function report(samples: Samples) {
  const kernel = summarize(samples.kernelMs);
  const peers = METHODS.map((method) => {
    const peer = summarize(samples.peerMs[method]);
    const ratio = peer.medianMs / kernel.medianMs;
    const distance = samples.distance[method];
    const bestRatio = peer.bestMs / kernel.bestMs;
    const passed = ratio >= REQUIRED[method] && distance <= LARGEST_DISTANCE;
    return { name: NAMES[method], ...peer, ratio, bestRatio, required: REQUIRED[method], distance, passed };
  });
  return { kernel, peers, passed: peers.every((peer) => peer.passed) };
}

function row(first: string, ...cells: string[]): string {
  return first.padEnd(18) + cells.map((cell) => cell.padStart(11)).join('');
}

function table(result: ReturnType<typeof report>): string {
  const rows = result.peers.map(({ name, medianMs, bestMs, ratio, bestRatio, required, distance }) => {
    const figures = [medianMs, bestMs, ratio, bestRatio, required].map((figure) => figure.toFixed(1));
    return row(name, ...figures, distance.toExponential(1));
  });
  return [
    row('', 'median ms', 'best ms', 'ratio', 'best ratio', 'required', 'distance'),
    row('kernel', result.kernel.medianMs.toFixed(1), result.kernel.bestMs.toFixed(1)),
    ...rows,
    result.passed ? 'passed' : 'FAILED: a ratio is below the required one, or vectors differ by over 1e-12',
  ].join('\n');
}

async function main(): Promise<void> {
  const { values: options } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      smoke: { type: 'boolean', default: false },
      python: { type: 'string', default: '/usr/bin/python3' },
    },
  });
  const peer = await startPeer(options.python);
  const rounds = options.smoke ? SMOKE_ROUNDS : ROUNDS;
  const result = report(await measure(await loadKernel(), peer, rounds));
  peer.close();
  const { numpy, scipy, blas } = peer.versions;
  const document = { nrow: NROW, ncol: NCOL, rounds, node: process.version, numpy, scipy, blas, ...result };
  const title =
    `One ${NROW} x ${NCOL} block, drawn and solved on one thread, ${rounds} rounds: ` +
    `Node ${process.version}, NumPy ${numpy}, SciPy ${scipy}, ${blas}`;
  process.stdout.write(options.json ? `${JSON.stringify(document)}\n` : `${title}\n${table(result)}\n`);
  process.exitCode = result.passed ? 0 : 1;
}

await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
