import { expect, test } from 'vitest';
import { requireOwnAddress, ownAddressFor } from '../../../runtime/own-address.ts';

const BAD_HOST = { code: 'bad-host', exitCode: 2 };

test.each(['127.0.0.1', '127.0.0.2'])('%s is an address of this machine', async (address) => {
  expect(await requireOwnAddress(address)).toBe(address);
});

test('a name stands for its address', async () => {
  expect(await requireOwnAddress('localhost')).toBe('127.0.0.1');
});

test.each(['0.0.0.0', '::', '0'])('%s is every address at once, and refused', async (address) => {
  await expect(requireOwnAddress(address)).rejects.toThrow(expect.objectContaining({ ...BAD_HOST, message: expect.stringContaining('every network') }));
});

test('an address that another machine may have is refused', async () => {
  await expect(requireOwnAddress('203.0.113.7')).rejects.toThrow(expect.objectContaining({ ...BAD_HOST, message: expect.stringContaining('does not have that address') }));
});

test('nodes that are this machine by its loopback, or unknown, tell of no address: the only outer one is taken, or the choice is told', async () => {
  const chosen = await ownAddressFor(['127.0.0.1', 'no-such-node.invalid']).catch((error: unknown) => error);
  if (typeof chosen === 'string') expect(chosen).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
  else expect(chosen).toMatchObject(BAD_HOST);
  expect(chosen).not.toMatch(/^127\./);
});
