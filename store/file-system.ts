import { statfsSync } from 'node:fs';

/**
 * Types that Linux's statfs gives to file systems of one machine, where shared memory and so WAL works
 * (linux/magic.h).
 */
const LOCAL: ReadonlyMap<number, string> = new Map([
  [0xef53, 'ext4'],
  [0x58465342, 'XFS'],
  [0x9123683e, 'Btrfs'],
  [0x01021994, 'tmpfs'],
  [0x858458f6, 'ramfs'],
  [0x2fc12fc1, 'ZFS'],
  [0x794c7630, 'overlayfs'],
  [0xf2f52010, 'F2FS'],
  [0xca451a4e, 'bcachefs'],
  [0x3153464a, 'JFS'],
  [0x52654973, 'ReiserFS'],
  [0xf15f, 'eCryptfs'],
  [0x7366746e, 'NTFS'],
  [0x2011bab0, 'exFAT'],
  [0x4d44, 'FAT'],
]);

/**
 * Types of file systems that several machines share, or that may be shared: WAL does not work across
 * machines.
 */
const SHARED: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x0bd00bd0, 'Lustre'],
  [0x47504653, 'GPFS'],
  [0x19830326, 'BeeGFS'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x517b, 'SMB'],
  [0x00c36400, 'CephFS'],
  [0x20030528, 'OrangeFS'],
  [0xaad7aaea, 'PanFS'],
  [0x5346414f, 'AFS'],
  [0x6b414653, 'kAFS'],
  [0x73757245, 'Coda'],
  [0x01161970, 'GFS2'],
  [0x7461636f, 'OCFS2'],
  [0x01021997, '9P'],
  [0x65735546, 'FUSE'],
]);

/** A file system, as the database's journal depends on it. */
export interface FileSystem {
  /** Its usual name, or its number in hexadecimal. */
  readonly name: string;
  /** True where only one machine can have it mounted. */
  readonly local: boolean;
}

/**
 * The file system that statfs type `type` names on `platform` (as process.platform says it).
 *
 * A type that no table knows counts as shared on Linux: a rollback journal is right everywhere and costs
 * little at 200 rows a transaction. Other systems number their types otherwise; there it counts as local.
 */
export function fileSystemOf(type: number, platform: string): FileSystem {
  if (platform !== 'linux') return { name: platform, local: true };
  // 32-bit systems hand out the upper half of the numbers as negative ones.
  const unsigned = type >>> 0;
  const local = LOCAL.get(unsigned);
  if (local !== undefined) return { name: local, local: true };
  return { name: SHARED.get(unsigned) ?? `0x${unsigned.toString(16)}`, local: false };
}

/** The journal mode for a database on it: WAL on a local one, else a rollback journal. */
export function journalModeFor(fileSystem: FileSystem): 'wal' | 'delete' {
  return fileSystem.local ? 'wal' : 'delete';
}

/** The file system that holds the folder `directory`, which must exist. */
export function fileSystemAt(directory: string): FileSystem {
  return fileSystemOf(statfsSync(directory).type, process.platform);
}
