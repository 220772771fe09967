import { existsSync } from 'node:fs';
import type { FoundBroker } from '../runtime/broker-file.ts';
import type { Settings } from '../runtime/settings.ts';
import { databasePath } from '../store/open.ts';

/** The folder whose database a person asks about: that of the settings where there is one, else the one that the broker's sink writes. */
export function databaseFolder({ data }: Pick<Settings, 'data'>, found: FoundBroker | undefined): string {
  return existsSync(databasePath(data)) ? data : (found?.file?.data ?? data);
}
