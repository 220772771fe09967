/** Run as a process of its own: enqueues N points into a private Redis and prints how long and how much memory it took. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planOf } from '../../experiment/plan.ts';
import { parseSpec } from '../../experiment/spec.ts';
import { offer, plan } from '../../producer/produce.ts';
import { connectBroker } from '../../runtime/broker.ts';
import { silentLog } from '../../runtime/log.ts';
import { startRedis } from '../../runtime/redis-server.ts';

const points = Number(process.argv[2] ?? 100_000);
const definition = { kind: 'builtin', name: 'svd-block', version: '1' } as const;
const directory = mkdtempSync(join(tmpdir(), 'sluice-enqueue-'));
const server = await startRedis(directory, silentLog());
const broker = await connectBroker({ address: server.address, namespace: 'bench', advice: 'it was just started' });
const spec = parseSpec({ params: [{ nrow: [1000], ncol: [1000], seed: { range: [0, points] } }] }, { directory: '/' });
const startedAtMs = performance.now();
await plan(broker, 'bench', definition, '{}', undefined);
const filled = await offer({ broker, table: 'bench', definition, points: planOf([spec]), store: undefined, waiting: points, attempts: 3 });
const seconds = (performance.now() - startedAtMs) / 1000;
process.stdout.write(JSON.stringify({ points: filled.added, seconds, peakMegabytes: process.resourceUsage().maxRSS / 1024 }));
broker.redis.disconnect();
await server.stop();
rmSync(directory, { recursive: true });
