import { brokerFileIn, writeBrokerFile } from '../../../runtime/broker-file.ts';
import { raiseGeneration } from '../../../runtime/generation.ts';

/** Names the Redis at `url` as the newest broker of the data folder `data`, as an `up` does; returns the connection file. */
export function nameBroker(data: string, url: string): string {
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
  });
  return path;
}
