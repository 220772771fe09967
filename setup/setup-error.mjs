/**
 * An error of the setup: one clear line that says what was expected, what was found and what to do next.
 * Codes are stable; they are listed where they are thrown.
 */
export class SetupError extends Error {
  /**
   * @param {string} code stable name, e.g. 'packages-failed'
   * @param {string} message what happened and what to do next, without a leading "Sluice setup:"
   * @param {ErrorOptions} [options]
   */
  constructor(code, message, options) {
    super(message, options);
    this.name = 'SetupError';
    this.code = code;
  }
}
