/** The value of an option that is a whole number from 1 on; undefined where it was not given. Throws where it is none. */
export function wholeNumber(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new Error(`${option} ${text}: expected a whole number from 1 on`);
}
