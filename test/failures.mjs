// Prints what failed in the parts PART ... of a run, whose logs and reports are in the folder FOLDER, in about 60 lines.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** Lines for all parts together, and for one that tells no test by name. */
const LINES = 60;
const TAIL_LINES = 30;

/** First lines of a test's message, and characters of a line. */
const MESSAGE_LINES = 5;
const LINE_CHARACTERS = 300;

const [folder = '.', ...parts] = process.argv.slice(2);
for (const part of parts) {
  const lines = told(part).map((line) => stripVTControlCharacters(line).slice(0, LINE_CHARACTERS));
  process.stdout.write(`\n-- failed in ${part}:\n${lines.map((line) => `${line}\n`).join('')}`);
}

/** @param {string} part @returns {string[]} */
function told(part) {
  const room = Math.max(2, Math.floor(LINES / parts.length) - 2);
  const log = linesOf(path.join(folder, `${part}.log`));
  const killed = log.filter((line) => line.startsWith(`${part}: killed after`));
  const tests = [...testsOf(path.join(folder, `${part}.json`)), ...checksOf(log)];
  if (tests.length > 0) return [...killed, ...fitted(tests, room - killed.length)];
  // A run of vitest that was killed has no report; its log has the names.
  const marked = log.filter((line) => /^\s*(×|❯|FAIL) /.test(stripVTControlCharacters(line))).slice(0, Math.floor(room / 2));
  return [...killed, ...marked, ...log.filter((line) => line.trim() !== '').slice(-Math.min(TAIL_LINES, room - marked.length - killed.length))];
}

/** Names with their messages where there is room; where there is not, every name before any message. @param {string[][]} tests @param {number} room */
function fitted(tests, room) {
  const each = Math.max(1, Math.floor(room / tests.length));
  if (tests.length <= room) return tests.flatMap((lines) => lines.slice(0, each));
  return [...tests.slice(0, room - 1).map(([name = '']) => name), `and ${tests.length - room + 1} more`];
}

/** The failed tests of vitest's JSON report: file and full title, then the message. @param {string} file @returns {string[][]} */
function testsOf(file) {
  if (!existsSync(file)) return [];
  /** @type {{ testResults: { name: string, status: string, message: string, assertionResults: { status: string, fullName: string, failureMessages: string[] }[] }[] }} */
  const report = JSON.parse(readFileSync(file, 'utf8'));
  return report.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const where = path.relative(process.cwd(), name);
    const failed = assertionResults.filter((one) => one.status === 'failed');
    // A file that does not load has no test that could fail.
    if (failed.length === 0) return status === 'failed' ? [[where, ...excerpt(message)]] : [];
    return failed.map(({ fullName, failureMessages }) => [`${where} > ${fullName}`, ...excerpt(failureMessages.join('\n'))]);
  });
}

/** The failed checks of test:fresh, each with its evidence. @param {string[]} log @returns {string[][]} */
function checksOf(log) {
  return log.flatMap((line, index) => {
    if (!line.startsWith('FAIL  ')) return [];
    const next = log.slice(index + 1);
    const end = next.findIndex((one) => !one.startsWith('      | '));
    return [[line, ...next.slice(0, end).slice(0, MESSAGE_LINES)]];
  });
}

/** @param {string} message @returns {string[]} */
function excerpt(message) {
  return message.split('\n').filter((line) => line.trim() !== '').slice(0, MESSAGE_LINES).map((line) => `    ${line}`);
}

/** @param {string} file @returns {string[]} */
function linesOf(file) {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
}
