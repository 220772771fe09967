import { ownAddressFor, requireOwnAddress } from '../runtime/own-address.ts';
import type { Settings } from '../runtime/settings.ts';
import { readNodeAddresses } from '../slurm/node-addresses.ts';
import type { BrokerWish } from './own-broker.ts';

/** The word for the address by which SLURM's nodes reach this machine. */
export const AUTO = 'auto';

/**
 * Where the broker of `up --host` listens: at `host`, or at the address by which the nodes reach us; by TLS, unless the
 * settings allow an unencrypted one. SLURM gets `patienceMs` to tell of its nodes.
 */
export async function listenerFor({ insecurePlain }: Settings, host: string, patienceMs = 0): Promise<NonNullable<BrokerWish['listener']>> {
  const address = host === AUTO ? await ownAddressFor(await readNodeAddresses(patienceMs)) : await requireOwnAddress(host);
  return { host: address, isEncrypted: !insecurePlain };
}
