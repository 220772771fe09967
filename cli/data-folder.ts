import { mistake, messageOf } from '../runtime/errors.ts';
import { makeFolder } from '../runtime/make-folder.ts';

/** Makes the data folder where it is absent; throws `data-folder`, before anything else is begun, where it cannot. */
export function requireDataFolder(data: string): void {
  try {
    makeFolder(data);
  } catch (error) {
    throw mistake('data-folder', `cannot make the data folder ${data} (${messageOf(error)}); choose another with --data DIR`);
  }
}
