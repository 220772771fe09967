import { certificateIn } from '../runtime/certificate.ts';
import { ownAddressFor, requireOwnAddress } from '../runtime/own-address.ts';
import type { RedisListener } from '../runtime/redis-configuration.ts';
import type { Settings } from '../runtime/settings.ts';
import { readNodeAddresses } from '../slurm/node-addresses.ts';
import { brokerFolderIn } from './own-broker.ts';

/** The word for the address by which SLURM's nodes reach this machine. */
export const AUTO = 'auto';

/**
 * Where the broker of `up --host` listens: at `host`, or at the address by which the nodes reach us, with the certificate
 * of the data folder, unless the settings allow an unencrypted one. SLURM gets `patienceMs` to tell of its nodes.
 */
export async function listenerFor({ data, insecurePlain }: Settings, host: string, patienceMs = 0): Promise<RedisListener> {
  const address = host === AUTO ? await ownAddressFor(await readNodeAddresses(patienceMs)) : await requireOwnAddress(host);
  return insecurePlain ? { host: address } : { host: address, certificate: await certificateIn(brokerFolderIn(data)) };
}
