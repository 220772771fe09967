import { brokerFileIn, writeBrokerFile } from '../../../runtime/broker-file.ts';
import { raiseGeneration } from '../../../runtime/generation.ts';

/** Names the Redis at `url` as the newest broker of the data folder `data`, as an `up` does, in a SLURM job where one is given; returns the connection file. */
export function nameBroker(data: string, url: string, job?: string): string {
  const path = brokerFileIn(data);
  writeBrokerFile(path, {
    url,
    namespace: 'sluice',
    by: 'up',
    pid: process.pid,
    host: 'login',
    data,
    startedAtMs: Date.now(),
    generation: raiseGeneration(data),
    ...(job !== undefined && { job }),
  });
  return path;
}
