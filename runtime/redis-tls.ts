import { X509Certificate } from 'node:crypto';
import type { ConnectionOptions } from 'node:tls';
import type { RedisAddress } from './redis-address.ts';

/**
 * How TLS judges the server at a rediss: address. With a certificate it has to be exactly that one, byte for byte, under
 * whatever name it is reached: so no authority can vouch for another. Without one the system's authorities judge it.
 */
export function tlsOptions({ certificate }: RedisAddress): Pick<ConnectionOptions, 'ca' | 'checkServerIdentity'> {
  if (certificate === undefined) return {};
  const { raw } = new X509Certificate(certificate);
  return {
    ca: certificate,
    checkServerIdentity: (host, shown) => (raw.equals(shown.raw) ? undefined : new Error(`${host} shows another certificate than the connection file has`)),
  };
}
