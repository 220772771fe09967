/**
 * Names that carry our secrets or those of the database's copy; none of them reaches code that is not ours.
 */
const WITHHELD = /^(REDIS_URL|GOOGLE_APPLICATION_CREDENTIALS|SLUICE_.*)$/i;

/**
 * The environment of a computation: the user's own, less REDIS_URL, SLUICE_* and
 * GOOGLE_APPLICATION_CREDENTIALS.
 */
export function childEnvironment(environment: NodeJS.ProcessEnv): Record<string, string> {
  const entries = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !WITHHELD.test(entry[0]),
  );
  return Object.fromEntries(entries);
}
