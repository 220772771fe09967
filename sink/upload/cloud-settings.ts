import { mistake } from '../../runtime/errors.ts';
import { isLoopback } from '../../runtime/redis-address.ts';
import { parseTarget, type Target } from './target.ts';

/** How BigQuery is reached, as a person names it; it crosses to a thread as it stands. */
export interface CloudSettings {
  /** PROJECT.DATASET, or PROJECT alone. */
  readonly bigquery: string;
  /** A key file, or its bare name; undefined for what the machine gives (application default credentials). */
  readonly credentials?: string | undefined;
  /** Where a new dataset is made, as in EU; an old one stays where it is. */
  readonly location?: string | undefined;
  /** Another server than Google's: http only on this machine. */
  readonly endpoint?: string | undefined;
}

/** The target that the settings name; throws where they cannot be right, before anything is done. */
export function checkCloudSettings({ bigquery, endpoint }: CloudSettings): Target {
  if (endpoint !== undefined) {
    const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
    const isFit = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
    if (!isFit) throw mistake('bad-endpoint', `--bigquery-endpoint "${endpoint}": expected https://HOST, or http://127.0.0.1:PORT on this machine`);
  }
  return parseTarget(bigquery);
}
