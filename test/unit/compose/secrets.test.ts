import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeSecrets } from '../../../compose/secrets.ts';
import { readBrokerFile } from '../../../runtime/broker-file.ts';
import { temporaryFolder } from '../runtime/folder.ts';

/** A layout in a folder of the test's own. */
function newLayout() {
  const folder = temporaryFolder();
  return { broker: join(folder, 'broker'), connectionFile: join(folder, 'connection', 'broker.json'), data: '/data', host: 'redis', port: 6379 };
}

const read = ({ broker, connectionFile }: ReturnType<typeof newLayout>) => ({ conf: readFileSync(join(broker, 'redis.conf'), 'utf8'), file: readBrokerFile(connectionFile) });

test('Redis and its clients are given one password, one certificate and TLS alone, in files that their owner alone can read', async () => {
  const layout = newLayout();
  await writeSecrets(layout);
  const { conf, file } = read(layout);
  const url = new URL(file!.url);
  expect(url.password).toMatch(/^[0-9a-f]{64}$/);
  expect(`${url.protocol}//${url.host}`).toBe('rediss://redis:6379');
  expect(conf.split('\n')).toEqual(expect.arrayContaining([`requirepass ${url.password}`, 'port 0', 'tls-port 6379', 'appendonly yes', 'maxmemory-policy noeviction', 'logfile ""']));
  expect(readFileSync(join(layout.broker, 'certificate.pem'), 'utf8')).toBe(file!.certificate);
  for (const path of [join(layout.broker, 'redis.conf'), join(layout.broker, 'key.pem'), layout.connectionFile]) expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a second time changes nothing that a running Redis has, and brings back what is missing or torn', async () => {
  const layout = newLayout();
  await writeSecrets(layout);
  const first = read(layout);
  rmSync(layout.connectionFile);
  await writeSecrets(layout);
  expect(read(layout).conf).toBe(first.conf);
  expect(read(layout).file).toMatchObject({ url: first.file!.url, certificate: first.file!.certificate });
  writeFileSync(join(layout.broker, 'redis.conf'), first.conf.slice(0, 30));
  await writeSecrets(layout);
  expect(read(layout).conf).toContain(`requirepass ${new URL(read(layout).file!.url).password}\n`);
});
