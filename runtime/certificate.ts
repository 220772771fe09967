import { X509Certificate, createPrivateKey } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { makePrivateFolder } from './make-folder.ts';

/** Life of a certificate: whoever pins it trusts this one key, not a date, and learns of a new one with each broker. */
const YEARS = 10;

/** A certificate that ends sooner is renewed at a start: no broker is up for so long. */
const RENEWAL_MS = 365 * 24 * 3600 * 1000;

/** How long ago its life began: the clocks of nodes differ, and none by so much. */
const BACKDATED_MS = 2 * 24 * 3600 * 1000;

/** A server's certificate and where it and its key are kept. */
export interface Certificate {
  /** PEM; not secret. */
  readonly certificate: string;
  /** Absolute, as is `keyFile`. */
  readonly certificateFile: string;
  /** Readable by its owner alone. */
  readonly keyFile: string;
}

/**
 * The certificate in `folder` (mode 0700, made where absent), the same at every start; a new one where there is none, or
 * one that is broken, is not its key's or is about to end. An elliptic-curve key (P-256), signed by itself.
 */
export async function certificateIn(folder: string): Promise<Certificate> {
  makePrivateFolder(folder);
  const certificateFile = resolve(folder, 'certificate.pem');
  const keyFile = resolve(folder, 'key.pem');
  const kept = readPair(certificateFile, keyFile);
  if (kept !== undefined && isSound(kept, Date.now())) return { certificate: kept.certificate, certificateFile, keyFile };
  const made = await makePair(Date.now());
  writePrivately(keyFile, made.key);
  writePrivately(certificateFile, made.certificate);
  return { certificate: made.certificate, certificateFile, keyFile };
}

/** A certificate and its private key, PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** Whether the two belong together and the certificate is valid for long enough from `nowMs` on. */
export function isSound({ certificate, key }: KeyPair, nowMs: number): boolean {
  try {
    const parsed = new X509Certificate(certificate);
    const isTimely = parsed.validFromDate.getTime() <= nowMs && parsed.validToDate.getTime() - nowMs > RENEWAL_MS;
    return isTimely && parsed.checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

/** A new pair whose life begins a little before `nowMs`. */
export async function makePair(nowMs: number): Promise<KeyPair> {
  // Loaded only where a broker goes beyond loopback.
  const { generate } = await import('selfsigned');
  const notAfterDate = new Date(nowMs);
  notAfterDate.setFullYear(notAfterDate.getFullYear() + YEARS);
  const made = await generate([{ name: 'commonName', value: 'sluice broker' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(nowMs - BACKDATED_MS),
    notAfterDate,
  });
  return { certificate: made.cert, key: made.private };
}

function readPair(certificateFile: string, keyFile: string): KeyPair | undefined {
  try {
    return { certificate: readFileSync(certificateFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
  } catch {
    return undefined;
  }
}

/** Through a file beside it, so that a file of another mode does not keep that mode. */
function writePrivately(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
