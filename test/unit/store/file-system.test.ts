import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { fileSystemAt, fileSystemOf, journalModeFor } from '../../../store/file-system.ts';

test.each([
  [0xef53, 'ext4'],
  [0x58465342, 'XFS'],
  [0x9123683e, 'Btrfs'],
  [0x01021994, 'tmpfs'],
  [0x794c7630, 'overlayfs'],
  [0x2fc12fc1, 'ZFS'],
])('type %i is %s, of one machine, and takes a WAL', (type, name) => {
  expect(fileSystemOf(type, 'linux')).toEqual({ name, local: true });
  expect(journalModeFor(fileSystemOf(type, 'linux'))).toBe('wal');
});

test.each([
  [0x6969, 'NFS'],
  [0x0bd00bd0, 'Lustre'],
  [0x47504653, 'GPFS'],
  [0x19830326, 'BeeGFS'],
  [0xff534d42, 'CIFS'],
  [0x65735546, 'FUSE'],
])('type %i is %s, which machines share, and takes a rollback journal', (type, name) => {
  expect(fileSystemOf(type, 'linux')).toEqual({ name, local: false });
  expect(journalModeFor(fileSystemOf(type, 'linux'))).toBe('delete');
});

test('a type that a 32-bit system hands out as a negative number is known as well', () => {
  expect(fileSystemOf(0xff534d42 | 0, 'linux')).toEqual({ name: 'CIFS', local: false });
  expect(fileSystemOf(0x9123683e | 0, 'linux')).toEqual({ name: 'Btrfs', local: true });
});

test('an unknown type counts as shared on Linux, and as local on systems that number theirs otherwise', () => {
  expect(fileSystemOf(0x12345678, 'linux')).toEqual({ name: '0x12345678', local: false });
  expect(fileSystemOf(0x1a, 'darwin')).toEqual({ name: 'darwin', local: true });
});

test('the folder for temporary files is on a file system that has a name', () => {
  expect(fileSystemAt(tmpdir()).name).not.toBe('');
});
