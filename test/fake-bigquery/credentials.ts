import { type KeyObject, createVerify, generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from './clock.ts';
import type { Answer } from './routes.ts';
import { Refusal } from './refusal.ts';

/** Where Google's client exchanges a service account's key for a token; it is in the client, and no setting changes it. */
export const TOKEN_URL = 'https://oauth2.googleapis.com/token';

const SCOPES = ['https://www.googleapis.com/auth/bigquery', 'https://www.googleapis.com/auth/cloud-platform'];
const TOKEN_SECONDS = 3600;
const EMAIL = 'sluice@fake-bigquery.invalid';

/** A service account that only this fake knows: its key, and the tokens that were given for it. */
export type ServiceAccount = {
  /** Writes the account's key as a file of Google's form. */
  writeKeyFile(path: string): Promise<void>;
  /** Answers `POST /token`: a token for an assertion that the account's key signed, else 400 `invalid_grant`. */
  exchange(body: Buffer): Answer;
  /** Throws 401 where `authorization` is no token of this account, or one that is too old. */
  check(authorization: string | undefined): void;
};

/** An account with a key of its own (RSA, 2048 bits), which is made when it is first used: most tests need none. */
export function serviceAccount(projectId: string, clock: Clock): ServiceAccount {
  let pair: ReturnType<typeof newPair> | undefined;
  const keys = (): ReturnType<typeof newPair> => (pair ??= newPair());
  const tokens = new Map<string, number>();
  const key = { type: 'service_account', project_id: projectId, private_key_id: 'fake', client_email: EMAIL, client_id: '0', token_uri: TOKEN_URL };
  return {
    async writeKeyFile(path) {
      const content = { ...key, private_key: keys().privateKey.export({ type: 'pkcs8', format: 'pem' }) };
      await writeFile(path, JSON.stringify(content, null, 2), { mode: 0o600 });
    },
    exchange(body) {
      const fault = faultOf(body, clock.now() / 1000, (signed, signature) => createVerify('RSA-SHA256').update(signed).verify(keys().publicKey, signature));
      if (fault !== undefined) return { status: 400, body: { error: 'invalid_grant', error_description: fault } };
      const token = `fake-${randomBytes(16).toString('hex')}`;
      tokens.set(token, clock.now() + TOKEN_SECONDS * 1000);
      return { status: 200, body: { access_token: token, expires_in: TOKEN_SECONDS - 1, token_type: 'Bearer' } };
    },
    check(authorization) {
      const endsMs = tokens.get(authorization?.replace(/^Bearer /, '') ?? '');
      if (endsMs === undefined || endsMs <= clock.now()) throw new Refusal(401, 'authError', 'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.');
    },
  };
}

/** Writes what a process needs to reach the fake as if it were Google, and returns the variables that say so. */
export async function writeCredentials(folder: string, account: ServiceAccount, certificate: string, port: number): Promise<{ readonly keyFile: string; readonly env: Readonly<Record<string, string>> }> {
  const keyFile = join(folder, 'fake-bigquery-key.json');
  const certificateFile = join(folder, 'fake-bigquery-ca.pem');
  await account.writeKeyFile(keyFile);
  await writeFile(certificateFile, certificate);
  const env = { GOOGLE_APPLICATION_CREDENTIALS: keyFile, HTTPS_PROXY: `http://127.0.0.1:${port}`, NO_PROXY: '127.0.0.1,localhost', NODE_EXTRA_CA_CERTS: certificateFile };
  return { keyFile, env };
}

function newPair(): { readonly privateKey: KeyObject; readonly publicKey: KeyObject } {
  return generateKeyPairSync('rsa', { modulusLength: 2048 });
}

/** Why an exchange is refused; undefined where it is not. */
function faultOf(body: Buffer, nowSeconds: number, isSigned: (signed: string, signature: Buffer) => boolean): string | undefined {
  const form = new URLSearchParams(body.toString());
  if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer') return 'Unsupported grant type.';
  const [header = '', payload = '', signature = ''] = (form.get('assertion') ?? '').split('.');
  if (!isSigned(`${header}.${payload}`, Buffer.from(signature, 'base64url'))) return 'Invalid JWT Signature.';
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Readonly<Record<string, unknown>>;
  if (claims.iss !== EMAIL) return 'Not a valid email or user ID.';
  if (claims.aud !== TOKEN_URL) return 'Invalid JWT: the audience is wrong.';
  const [from, to] = [Number(claims.iat), Number(claims.exp)];
  if (!(to > nowSeconds && from < nowSeconds + 60 && to - from <= TOKEN_SECONDS)) return 'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.';
  return String(claims.scope).split(' ').some((scope) => SCOPES.includes(scope)) ? undefined : 'Invalid OAuth scope or ID token audience provided.';
}
