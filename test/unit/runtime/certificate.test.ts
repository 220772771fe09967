import { X509Certificate } from 'node:crypto';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { certificateIn, isSound, makePair } from '../../../runtime/certificate.ts';
import { temporaryFolder } from './folder.ts';

const DAY_MS = 24 * 3600 * 1000;
const YEAR_MS = 365 * DAY_MS;

test('a folder keeps its certificate, and its key for its owner alone', async () => {
  const folder = join(temporaryFolder(), 'broker');
  const made = await certificateIn(folder);
  expect(await certificateIn(folder)).toEqual(made);
  expect(statSync(made.keyFile).mode & 0o777).toBe(0o600);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(readFileSync(made.certificateFile, 'utf8')).toBe(made.certificate);
  expect(new X509Certificate(made.certificate).publicKey.asymmetricKeyType).toBe('ec');
});

test('a folder that others could enter is closed to them', async () => {
  const folder = temporaryFolder();
  chmodSync(folder, 0o755);
  await certificateIn(folder);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

test('a certificate that is broken, or not its key\'s, is made anew', async () => {
  const folder = temporaryFolder();
  const first = await certificateIn(folder);
  writeFileSync(first.certificateFile, 'torn');
  const second = await certificateIn(folder);
  expect(second.certificate).not.toBe(first.certificate);
  writeFileSync(second.keyFile, (await makePair(Date.now())).key);
  expect((await certificateIn(folder)).certificate).not.toBe(second.certificate);
});

test('a certificate is sound from before it was made until a year before its end', async () => {
  const nowMs = Date.UTC(2030, 0, 15);
  const pair = await makePair(nowMs);
  const at = (ms: number): boolean => isSound(pair, nowMs + ms);
  expect([-3 * DAY_MS, -DAY_MS, 0, 8.9 * YEAR_MS, 9.1 * YEAR_MS, 11 * YEAR_MS].map(at)).toEqual([false, true, true, true, false, false]);
});
