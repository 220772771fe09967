import { mistake } from '../runtime/errors.ts';
import type { Settings } from '../runtime/settings.ts';
import { checkCloudSettings, type CloudSettings } from '../sink/upload/cloud-settings.ts';

/** How BigQuery is reached; undefined where no target is named. Throws where the settings cannot be right. */
export function cloudSettingsOf(settings: Settings): CloudSettings | undefined {
  const { bigquery, credentials, bigqueryLocation: location, bigqueryEndpoint: endpoint } = settings;
  if (bigquery === undefined) return undefined;
  const cloud = { bigquery, credentials, location, endpoint };
  checkCloudSettings(cloud);
  return cloud;
}

/** The same for a command that is about BigQuery: a mistake where no target is named. */
export function requireCloudSettings(settings: Settings): CloudSettings {
  const cloud = cloudSettingsOf(settings);
  if (cloud !== undefined) return cloud;
  throw mistake('no-target', 'which BigQuery? name it with --bigquery PROJECT.DATASET, SLUICE_BIGQUERY, or "bigquery" in sluice.config.json');
}

/** The options that hand the settings on to a child; the key goes by its file's name, which is no secret. */
export function cloudOptions({ bigquery, credentials, bigqueryLocation, bigqueryEndpoint }: Settings): string[] {
  const options = [['--bigquery', bigquery], ['--credentials', credentials], ['--bigquery-location', bigqueryLocation], ['--bigquery-endpoint', bigqueryEndpoint]] as const;
  return options.flatMap(([option, value]) => (value === undefined ? [] : [option, value]));
}
