import { certificateIn } from '../runtime/certificate.ts';
import { writeBrokerFile } from '../runtime/broker-file.ts';
import { addressAt, newPassword, readPlace, writeConfiguration, type RedisPlace } from '../runtime/redis-configuration.ts';

/** Where the containers have what the secrets are made of, and how they reach their Redis. */
export interface Layout {
  /** Folder of Redis alone: redis.conf, certificate, key and append-only file. Absolute. */
  readonly broker: string;
  /** The connection file, which all others read. */
  readonly connectionFile: string;
  /** The data folder. */
  readonly data: string;
  /** The service's name, which is its host name in the containers' network. */
  readonly host: string;
  readonly port: number;
}

/** A container has an address that nobody knows before; the network that it is in is the containers' own. */
const ANY_ADDRESS = '0.0.0.0';

/**
 * Sees to it that Redis's configuration and the connection file are there and belong together: the password and the
 * certificate of an earlier time stay, since a Redis may be running with them. What it is killed in, the next call mends:
 * redis.conf holds the truth, and is written first.
 */
export async function writeSecrets({ broker, connectionFile, data, host, port }: Layout): Promise<void> {
  const password = readPlace(broker)?.password ?? newPassword();
  const place: RedisPlace = { directory: broker, host: ANY_ADDRESS, port, password, certificate: await certificateIn(broker) };
  // Its log is the container's.
  writeConfiguration(place, '');
  const address = addressAt({ ...place, host });
  writeBrokerFile(connectionFile, { ...address, namespace: 'sluice', by: 'up', pid: process.pid, host, data, startedAtMs: Date.now(), generation: 0 });
}
