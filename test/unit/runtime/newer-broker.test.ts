import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openTakenDown } from '../../../runtime/newer-broker.ts';
import { parseRedisUrl } from '../../../runtime/redis-address.ts';
import { until } from '../../system/harness/until.ts';
import { temporaryFolder } from './folder.ts';

/** Whether the broker whose connection file is `path` is known to be taken down once it was looked at a few times. */
async function isFoundDown(path: string): Promise<boolean> {
  const isDown = openTakenDown({ address: parseRedisUrl('redis://127.0.0.1:6379'), namespace: 'sluice', path, advice: '' });
  let looks = 0;
  return await until('it was looked at', () => isDown() || (looks += 1) > 10).then(() => isDown());
}

test('a broker is down where its connection file is missing', async () => {
  expect(await isFoundDown(join(temporaryFolder(), 'broker.json'))).toBe(true);
});

test('a broker is not down where its connection file is there, or the file system fails and does not tell', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'file');
  writeFileSync(file, '');
  symlinkSync('loop', join(folder, 'loop'));
  for (const path of [file, join(file, 'broker.json'), join(folder, 'loop')]) expect(await isFoundDown(path)).toBe(false);
});
