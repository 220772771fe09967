import { createSocket } from 'node:dgram';
import { createServer, isIP } from 'node:net';
import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';
import { mistake } from './errors.ts';
import { isLoopback } from './redis-address.ts';

/** A port to name in a question about routes: nothing is sent to it. */
const ANY_PORT = 9;

/** Nodes that are asked for: one is enough, unless it is this machine by a loopback name or its name is unknown here. */
const NODES_ASKED = 8;

/** The IP address that `given` names, seen to be this machine's; a mistake where it is not, or is every address at once. */
export async function requireOwnAddress(given: string): Promise<string> {
  const address = isIP(given) === 0 ? await addressOfName(given) : given;
  if (/^[0.]+$/.test(address) || /^[0:]+$/.test(address)) {
    throw mistake('bad-host', `--host ${given} would open the broker to every network of this machine; name one address${candidatesLine()}`);
  }
  if (!(await isOwn(address))) throw mistake('bad-host', `--host ${given}: this machine does not have that address${candidatesLine()}`);
  return address;
}

/**
 * The address by which the nodes at `nodeAddresses` reach this machine: the one from which a packet to a node would
 * leave (none is sent). Where there is no node that tells: the only address beyond loopback; a mistake that lists them
 * where there are several.
 */
export async function ownAddressFor(nodeAddresses: readonly string[]): Promise<string> {
  for (const node of nodeAddresses.slice(0, NODES_ASKED)) {
    const source = await sourceTowards(node);
    if (source !== undefined && !isLoopback(source)) return source;
  }
  const candidates = outerAddresses();
  if (candidates.length === 1) return candidates[0]!;
  throw mistake(
    'bad-host',
    candidates.length === 0
      ? '--host auto: this machine has no IPv4 address beyond loopback; name one with --host ADDRESS'
      : `--host auto: SLURM names no node that tells which address of this machine is meant; type --host with one of ${candidates.join(', ')}`,
  );
}

/** This machine's IPv4 addresses beyond loopback. */
function outerAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((ofOne) => ofOne ?? []);
  return all.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address);
}

function candidatesLine(): string {
  const candidates = outerAddresses();
  return candidates.length === 0 ? '' : `; it has ${candidates.join(', ')}`;
}

async function addressOfName(name: string): Promise<string> {
  try {
    return (await lookup(name, { family: 4 })).address;
  } catch {
    throw mistake('bad-host', `--host ${name} is neither an address nor a name that is known here${candidatesLine()}`);
  }
}

/** Where a listener can be had at the address it is ours; interfaces alone do not list all of 127.0.0.0/8. */
async function isOwn(address: string): Promise<boolean> {
  return await new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: address, port: 0 }, () => server.close(() => resolve(true)));
  });
}

/** The local address of the route to `node`, as the system chooses it; undefined where there is none. */
async function sourceTowards(node: string): Promise<string | undefined> {
  return await new Promise((resolve) => {
    const socket = createSocket('udp4');
    const settle = (source: string | undefined): void => {
      socket.close();
      resolve(source);
    };
    socket.once('error', () => settle(undefined));
    socket.connect(ANY_PORT, node, () => settle(socket.address().address));
  });
}
