import { SETTINGS, type SettingName } from '../runtime/settings.ts';
import { BROKER, CLOUD, type CommandDeclaration } from './command.ts';
import { CONSUME } from './consume-declaration.ts';
import { JOB_OPTIONS } from './job-options.ts';

const SPEC_OPTIONS = [
  ['--experiment <name>', 'experiment of a spec that names none'],
  ['--blocks <n>', 'svd-block: seeds 0 .. n-1 (default 1000)'],
  ['--seeds <list>', 'svd-block: these seeds, as in 748,271'],
  ['--nrow <n>', 'svd-block: rows of a block (default 1000)'],
  ['--ncol <n>', 'svd-block: columns of a block (default 1000)'],
] as const;

const DASHBOARD_OPTION = ['--dashboard', 'show it on a page in the browser, as `sluice dashboard` does'] as const;

/** Every command of `sluice`, in the order in which help lists them. */
export const COMMANDS: readonly CommandDeclaration[] = [
  {
    usage: 'run [spec]',
    description: 'compute a spec on this machine, with a Redis of its own, and reduce it; SPEC is a JSON file or a built-in (default svd-block)',
    settings: [...BROKER, 'table', 'threads', 'waiting', 'streamBytes', 'batchRows', 'batchMs', 'attempts', 'grace', ...CLOUD],
    options: [...SPEC_OPTIONS, DASHBOARD_OPTION],
    load: async () => (await import('./run.ts')).run,
  },
  {
    usage: 'up',
    description: 'keep a broker and a sink up on this machine until Ctrl-C or `sluice down`',
    settings: ['data', 'namespace', 'host', 'insecurePlain', 'waiting', 'batchRows', 'batchMs', 'attempts', 'partition', 'account', ...CLOUD, 'logLevel'],
    options: [
      ['--detach', 'go to the background once it is up; the log is DATA/up.log'],
      DASHBOARD_OPTION,
      ['--as-job', 'as a SLURM job, which goes back into the queue when its walltime ends; `sluice down` ends it'],
      ['--time <walltime>', '--as-job: time until then, as in 12:00:00 or 7-00 (default 1-00:00:00)'],
      ['--cpus <n>', '--as-job: CPUs (default 2)'],
      ['--mem <size>', '--as-job: memory (default 2G)'],
      ['--setup <lines>', "--as-job: shell lines that run before it, as in 'ml redis'"],
      ...JOB_OPTIONS.map(([flags, description]) => [flags, `--as-job: ${description}`] as const),
      ['--in-job', 'in the job of --as-job: take over, and leave to a successor'],
    ],
    load: async () => (await import('./up.ts')).up,
  },
  {
    usage: 'down',
    description: 'end what `sluice up` started, once the rows on their way are committed',
    settings: ['data'],
    load: async () => (await import('./down.ts')).down,
  },
  {
    usage: 'enqueue [spec]',
    description: 'add one job per point that is neither stored nor queued (default: the 1,000 blocks of svd-block)',
    settings: [...BROKER, 'table', 'waiting', 'attempts', ...CLOUD],
    options: [...SPEC_OPTIONS, ['--known <where>', 'leave out points that are stored elsewhere too: bigquery']],
    load: async () => (await import('./enqueue.ts')).enqueue,
  },
  CONSUME,
  {
    usage: 'sink',
    description: 'commit finished rows to the database until stopped; `sluice up` runs one',
    settings: [...BROKER, 'batchRows', 'batchMs', ...CLOUD],
    options: [['--supervised', 'end with standard input, as under `sluice up`']],
    load: async () => (await import('./sink.ts')).sink,
  },
  {
    usage: 'launch [way] [tables...]',
    description: 'submit consumers to SLURM: array (of few CPUs each), large (one whole node) or cluster (as many as the work needs)',
    settings: ['data', 'namespace', 'insecurePlain', 'grace', 'partition', 'account'],
    options: [
      ['--tasks <n>', 'array: consumers (default 12)'],
      ['--nodes <n>', 'large, cluster: so many whole nodes at once (large: default 1)'],
      ['--min <n>', 'cluster without --nodes: least nodes while there is work (default 0)'],
      ['--max <n>', 'cluster without --nodes: most nodes (default 3)'],
      ['--cpus <n>', 'CPUs of a consumer (default: 1 in an array, else all of its node)'],
      ['--mem <size>', 'memory of a consumer, as in 4G (default: 800M a CPU, else all of its node)'],
      ['--time <walltime>', 'time that a consumer may take, as in 30 or 02:00:00 (default 01:00:00)'],
      ['--setup <lines>', "shell lines that run before a consumer, as in 'ml python'"],
      ['--idle-exit <seconds>', 'a consumer leaves after so long without a job (default 30)'],
      ...JOB_OPTIONS,
    ],
    load: async () => (await import('./launch.ts')).launch,
  },
  {
    usage: 'status [table]',
    description: 'count points waiting, active, stored and failed, of one table or of all',
    settings: [...BROKER, 'table'],
    options: [
      ['--watch', 'look again and again, with rate, time left and the nodes, until the table is complete; with --json a document a line'],
      ['--interval <seconds>', '--watch: seconds between two looks (default 2)'],
    ],
    load: async () => (await import('./status.ts')).status,
  },
  {
    usage: 'explain [table]',
    description: 'why nothing, or not more, happens with a table: broker, sink, consumers, SLURM, failures',
    settings: [...BROKER, 'table', 'streamBytes'],
    load: async () => (await import('./explain.ts')).explain,
  },
  {
    usage: 'dashboard [table]',
    description: 'a page in the browser that shows a run while it runs, until Ctrl-C; prints a link that lets one browser in',
    settings: [...BROKER, 'table', 'streamBytes', 'attempts', 'waiting'],
    options: [
      ['--port <n>', 'port to listen on; 0 for any free one (default 8285, or a free one where that is taken)'],
      ['--bind <address>', 'address to listen on (default 127.0.0.1)'],
      ['--url <url>', 'address by which a browser reaches it, where that is another one, as in http://localhost:9000'],
      ['--supervised', 'end with standard input, as under `sluice up --dashboard`'],
    ],
    load: async () => (await import('./dashboard.ts')).dashboard,
  },
  {
    usage: 'reduce [table]',
    description: 'the answer that the rows of a table give together',
    settings: ['data', 'table', ...CLOUD],
    options: [['--from <where>', 'where the rows are: bigquery (default: the database)'], ['--experiment <name>', '--from bigquery: experiment of a table that is not known here']],
    load: async () => (await import('./reduce.ts')).reduce,
  },
  {
    usage: 'export [table]',
    description: 'write the rows of a table, ordered by the parameters, as CSV, Parquet or JSON lines',
    settings: ['data', 'table'],
    options: [['--to <file>', 'file to write, which ends in .csv, .parquet or .ndjson (default: CSV to standard output)']],
    load: async () => (await import('./export.ts')).exportTable,
  },
  {
    usage: 'report [table]',
    description: 'write what is known of a table as one HTML file: answer, plots, timing, failures, provenance, specs',
    settings: ['data', 'table'],
    options: [['--to <file>', 'file to write (default: TABLE.html)'], ['--svg', 'also write each plot as an SVG file beside it']],
    load: async () => (await import('./report.ts')).report,
  },
  {
    usage: 'gather <table> [files...]',
    description: "bring the rows of CSV files, or of EMS's database, into a table; a bad file is left out as a whole",
    settings: ['data', 'logLevel'],
    options: [
      ['--ems <file>', "EMS's SQLite database, as in data/EMS.db3, in the place of CSV files"],
      ['--from <table>', '--ems: its table (default: of the same name)'],
      ['--experiment <name>', "whose rows they are: a built-in, a module, or a spec's file (default: the table's, else svd-block)"],
      ['--allow-missing', 'take empty, NaN and infinite cells among numbers; else they leave out their file'],
      ['--parameters <names>', 'columns that are parameters, as in r,steps, where neither a spec nor the table says it'],
    ],
    load: async () => (await import('./gather.ts')).gather,
  },
  {
    usage: 'upload [table]',
    description: 'bring what is stored of a table to BigQuery, at once, and say when it is complete',
    settings: ['data', 'table', ...CLOUD, 'logLevel'],
    options: [
      ['--verify', 'compare the number of rows and a checksum by a query'],
      ['--again', 'ask BigQuery which points it has, and send what it lacks, as after rows were removed there'],
    ],
    load: async () => (await import('./upload.ts')).upload,
  },
  {
    usage: 'pull [table]',
    description: 'bring the rows of a table in BigQuery into the database, so that this machine continues it',
    settings: ['data', 'table', ...CLOUD, 'logLevel'],
    options: [
      ['--experiment <name>', "whose rows they are: a built-in, a module, or a spec's file (default: the table's, else svd-block)"],
      ['--parameters <names>', 'columns that are parameters, as in r,steps, where neither a spec nor the table says it'],
    ],
    load: async () => (await import('./pull.ts')).pull,
  },
  {
    usage: 'retry [table]',
    description: 'forget the failures of a table, so that their points run again',
    settings: [...BROKER, 'table', 'attempts', 'waiting'],
    options: [['--message <text>', 'only those with this message: its first line, as `explain` and the page tell it']],
    load: async () => (await import('./retry.ts')).retry,
  },
  {
    usage: 'cancel [table]',
    description: 'take the waiting points of a table out of the queue and of the plan; rows stay',
    settings: [...BROKER, 'table'],
    load: async () => (await import('./cancel.ts')).cancel,
  },
  {
    usage: 'init',
    description: 'write sluice.config.json, the settings of this folder, from options or from answers at the terminal',
    settings: Object.keys(SETTINGS) as SettingName[],
    options: [['--force', 'replace the one that is there']],
    load: async () => (await import('./init.ts')).init,
  },
  {
    usage: 'setup',
    description: 'get what is missing: packages, the kernel, a Redis server',
    settings: [],
    load: async () => (await import('./setup.ts')).setup,
  },
];
