import { spawnSync } from 'node:child_process';

/** Debian's own Python, whose packages are those that apt installs. */
export const PYTHON = '/usr/bin/python3';

/** Whether Debian's Python has what the notebook imports; on Debian: apt-get install python3-pandas python3-scipy. */
export const hasPandas = (): boolean => spawnSync(PYTHON, ['-c', 'import numpy, pandas, scipy.sparse.linalg']).status === 0;

/** Whether R has what its example loads; on Debian: apt-get install r-base-core r-cran-rsqlite. */
export const hasRsqlite = (): boolean => spawnSync('Rscript', ['-e', 'library(RSQLite)']).status === 0;
