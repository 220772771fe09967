/**
 * Counts and prints checks as they come.
 *
 * @param {(line: string) => void} say
 */
export function createReport(say) {
  let passed = 0;
  let failed = 0;
  let skipped = 0;

  /**
   * @param {string} sentence what holds
   * @param {boolean} holds
   * @param {string} [evidence] shown when it does not hold
   */
  function check(sentence, holds, evidence = '') {
    if (holds) passed += 1;
    else failed += 1;
    say(`${holds ? 'pass' : 'FAIL'}  ${sentence}`);
    if (!holds && evidence !== '') say(evidence.trim().replaceAll(/^/gm, '      | '));
  }

  /** @param {string} sentence @param {string} reason what is missing, and how to get it */
  function skip(sentence, reason) {
    skipped += 1;
    say(`skip  ${sentence}: ${reason}`);
  }

  /** @returns {{ passed: number, failed: number, skipped: number }} */
  function counts() {
    return { passed, failed, skipped };
  }

  return { check, skip, counts };
}

/** @typedef {ReturnType<typeof createReport>} Report */
