import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { messageOf } from '../../runtime/errors.ts';
import { BATCH_ROWS } from './trial.ts';

/** Debian's own Python, whose packages are those that apt installs. */
const PYTHON = '/usr/bin/python3';

const HOW_TO_GET = 'on Debian and Ubuntu: apt-get install python3-pandas';

const answerSchema = z.object({ rowsPerSecond: z.number().positive(), pandas: z.string() });

/** The version of pandas that PYTHON has, or undefined with a line on `warn` that says how to get it. */
export async function findPandas(warn: (line: string) => void): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(PYTHON, ['-c', 'import pandas; print(pandas.__version__)']);
    return stdout.trim();
  } catch (thrown) {
    warn(`no pandas to compare with (${messageOf(thrown).split('\n')[0]}); ${HOW_TO_GET}`);
    return undefined;
  }
}

/** Rows of 1,004 columns that pandas appends in a second to a new SQLite database in `directory`. */
export async function tryPandas(directory: string, rows: number): Promise<number> {
  const script = join(import.meta.dirname, 'pandas_append.py');
  const { stdout } = await promisify(execFile)(PYTHON, [
    script,
    join(directory, 'pandas.db'),
    String(rows),
    String(BATCH_ROWS),
  ]);
  return answerSchema.parse(JSON.parse(stdout)).rowsPerSecond;
}
