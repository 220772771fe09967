import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { messageOf, mistake } from '../../runtime/errors.ts';

/** The folder in which Google's tools, and the course's notebooks, look for keys. */
const GCLOUD_FOLDER = join('.config', 'gcloud');

/** What of a key file is looked at before it is used: its kind, and that nothing is missing. */
const keySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('service_account'), client_email: z.string().min(1), private_key: z.string().includes('PRIVATE KEY') }),
  z.object({ type: z.literal('authorized_user'), client_id: z.string().min(1), refresh_token: z.string().min(1) }),
  z.object({ type: z.enum(['external_account', 'external_account_authorized_user', 'impersonated_service_account']) }),
]);

/** A key file that was found and looks like one. */
export interface KeyFile {
  readonly path: string;
  readonly type: z.infer<typeof keySchema>['type'];
  /** What is to be said of it, if anything: others can read it. */
  readonly warning: string | undefined;
}

/**
 * The key file `name`: as it stands, or, where it is a bare file name, in ~/.config/gcloud/. Throws a SluiceError of one
 * line, `no-key`, `unreadable-key` or `bad-key`, that never quotes what is in it.
 */
export function findKeyFile(name: string): KeyFile {
  const path = [resolve(name), ...(/[/\\]/.test(name) ? [] : [join(homedir(), GCLOUD_FOLDER, name)])].find((candidate) => existsSync(candidate));
  if (path === undefined) {
    const places = /[/\\]/.test(name) ? '' : ` here or in ~/${GCLOUD_FOLDER}/`;
    throw mistake('no-key', `there is no key file ${name}${places}; name one with --credentials FILE or GOOGLE_APPLICATION_CREDENTIALS`);
  }
  const type = typeOf(path);
  const isOpen = (statSync(path).mode & 0o077) !== 0;
  return { path, type, warning: isOpen ? `other users can read the key ${path}; \`chmod 600 ${path}\` keeps it for you` : undefined };
}

function typeOf(path: string): KeyFile['type'] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw mistake('unreadable-key', `the key file ${path} cannot be read: ${messageOf(error)}`);
  }
  const type = typeIn(text);
  if (type !== undefined) return type;
  throw mistake('bad-key', `${path} is no key file of Google Cloud: expected JSON with type, client_email and private_key; make a new one in the console`);
}

function typeIn(text: string): KeyFile['type'] | undefined {
  try {
    return keySchema.safeParse(JSON.parse(text)).data?.type;
  } catch {
    return undefined; // the parser's message would quote the file
  }
}
