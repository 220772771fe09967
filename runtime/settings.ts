import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { tableNameSchema } from '../wire/names.ts';
import { mistake } from './errors.ts';
import { givenCores } from './given-cores.ts';
import { ATTEMPTS, BATCH_AGE_MS, BATCH_ROWS, GRACE_SECONDS, STREAM_BYTES, WAITING_JOBS } from './limits.ts';

/** One setting: where it may come from, what it is for, and what it takes. */
export interface Setting {
  /** Environment variable. */
  readonly environment: string;
  /** Command-line option with its argument's name; absent where only the environment and files set it. */
  readonly option?: string;
  readonly description: string;
  /** Whether `sluice init` asks a person for it; all that have an option can be given to it. */
  readonly asked?: boolean;
  readonly schema: z.ZodType;
}

const count = z.coerce.number('a number').int('a whole number').positive('at least 1');
const seconds = z.coerce.number('a number of seconds').nonnegative('at least 0');

/** What becomes part of one line of a batch script. */
const word = z
  .string()
  .trim()
  .regex(/^[^\n\r\0]+$/, 'a name of one line');

/** Levels of the log, from all to nothing. */
const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;

/** The table of the main experiment, and of every command that is told of none. */
const DEFAULT_TABLE = 'svd_block';

/** Every setting, declared once: options, the environment, sluice.config.json, .env.example and docs follow it. */
export const SETTINGS = {
  data: {
    environment: 'SLUICE_DATA',
    option: '--data <dir>',
    description: 'folder of the database',
    asked: true,
    schema: z.string().min(1).default('data'),
  },
  table: {
    environment: 'TABLE_NAME',
    option: '--table <name>',
    description: 'table that the rows go to (default: named after the experiment, as in svd_block)',
    asked: true,
    schema: tableNameSchema.default(DEFAULT_TABLE),
  },
  redis: {
    environment: 'REDIS_URL',
    option: '--redis <url>',
    description: 'Redis to use instead of the one that `sluice up` started',
    schema: z.string().optional(),
  },
  connection: {
    environment: 'SLUICE_CONNECTION',
    description: 'connection file of a broker that `sluice up` started elsewhere',
    schema: z.string().min(1).optional(),
  },
  namespace: {
    environment: 'SLUICE_NAMESPACE',
    option: '--namespace <name>',
    description: 'prefix of every key in Redis, for several systems on one server',
    asked: true,
    schema: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,64}$/, 'letters, digits, _ and -')
      .default('sluice'),
  },
  host: {
    environment: 'SLUICE_HOST',
    option: '--host <address>',
    description: 'address of this machine that the broker of `sluice up` listens on, with TLS; auto: the one that SLURM\'s nodes reach',
    schema: z.string().min(1).optional(),
  },
  insecurePlain: {
    environment: 'SLUICE_INSECURE_PLAIN',
    option: '--insecure-plain',
    description: 'let a connection to Redis leave this machine without TLS, readable for all on the way',
    schema: z.union([z.boolean(), z.stringbool()], 'true or false').default(false),
  },
  threads: {
    environment: 'SLUICE_THREADS',
    option: '--threads <n>',
    description: 'computations at once (default: as many as cores are given)',
    schema: count.max(1024, 'at most 1024'),
  },
  waiting: {
    environment: 'SLUICE_WAITING',
    option: '--waiting <n>',
    description: 'most jobs kept waiting in a queue',
    schema: count.default(WAITING_JOBS),
  },
  streamBytes: {
    environment: 'SLUICE_STREAM_BYTES',
    option: '--stream-bytes <n>',
    description: 'bytes of rows in Redis above which consumers stop taking jobs',
    schema: count.default(STREAM_BYTES),
  },
  batchRows: {
    environment: 'SLUICE_BATCH_ROWS',
    option: '--batch-rows <n>',
    description: 'most rows that the sink commits in one transaction',
    schema: count.max(10_000, 'at most 10000').default(BATCH_ROWS),
  },
  batchMs: {
    environment: 'SLUICE_BATCH_MS',
    option: '--batch-ms <n>',
    description: 'milliseconds in which the sink lets a batch gather',
    schema: z.coerce.number('a number of milliseconds').nonnegative('at least 0').default(BATCH_AGE_MS),
  },
  attempts: {
    environment: 'SLUICE_ATTEMPTS',
    option: '--attempts <n>',
    description: 'tries at a point before it is recorded as failed',
    schema: count.default(ATTEMPTS),
  },
  grace: {
    environment: 'SLUICE_GRACE',
    option: '--grace <seconds>',
    description: 'time that a first signal leaves to finish what runs',
    schema: seconds.default(GRACE_SECONDS),
  },
  partition: {
    environment: 'SLUICE_PARTITION',
    option: '--partition <name>',
    description: 'SLURM partition of `launch` and `up --as-job`, where the default one is not meant',
    asked: true,
    schema: word.optional(),
  },
  account: {
    environment: 'SLUICE_ACCOUNT',
    option: '--account <name>',
    description: 'SLURM account that `launch` and `up --as-job` charge',
    asked: true,
    schema: word.optional(),
  },
  bigquery: {
    environment: 'SLUICE_BIGQUERY',
    option: '--bigquery <target>',
    description: 'project, or project.dataset (default dataset: EMS), of BigQuery that gets a copy of every row; nothing is copied unless it is named',
    asked: true,
    schema: z.string().min(1).optional(),
  },
  credentials: {
    environment: 'GOOGLE_APPLICATION_CREDENTIALS',
    option: '--credentials <file>',
    description: 'key file for BigQuery, or its bare name in ~/.config/gcloud/ (default: what `gcloud auth application-default login` left)',
    asked: true,
    schema: z.string().min(1).optional(),
  },
  bigqueryLocation: {
    environment: 'SLUICE_BIGQUERY_LOCATION',
    option: '--bigquery-location <place>',
    description: 'where a dataset is made that is not there yet, as in EU (default: where BigQuery makes it)',
    schema: z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'letters, digits and -').optional(),
  },
  bigqueryEndpoint: {
    environment: 'SLUICE_BIGQUERY_ENDPOINT',
    option: '--bigquery-endpoint <url>',
    description: "another server than Google's, as for tests: https, or http on this machine",
    schema: z.string().min(1).optional(),
  },
  logLevel: {
    environment: 'SLUICE_LOG_LEVEL',
    option: '--log-level <level>',
    description: `least level that is logged: ${LOG_LEVELS.join(', ')}`,
    schema: z.enum(LOG_LEVELS).default('info'),
  },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof SETTINGS;
export type Settings = { readonly [Name in SettingName]: z.output<(typeof SETTINGS)[Name]['schema']> };

/** Where settings come from, in their rank; each holds raw values by setting name. */
export interface Layers {
  /** Command-line options, by setting name. */
  readonly options?: Readonly<Record<string, unknown>>;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** A spec's own `table_name`. */
  readonly specTable?: string | undefined;
  /** The content of sluice.config.json. */
  readonly file?: Readonly<Record<string, unknown>>;
  /** The table where nobody names one: after the spec's experiment. */
  readonly experimentTable?: string | undefined;
}

/** The settings that `layers` give: option before environment before spec before file before default. */
export function resolveSettings(layers: Layers): Settings {
  const unknown = Object.keys(layers.file ?? {}).filter((name) => !(name in SETTINGS));
  if (unknown.length > 0) {
    const known = Object.keys(SETTINGS).join(', ');
    throw mistake('bad-setting', `sluice.config.json: unknown setting "${unknown[0]}"; there are ${known}`);
  }
  const names = Object.keys(SETTINGS) as SettingName[];
  return Object.fromEntries(names.map((name) => [name, resolveSetting(name, layers)])) as Settings;
}

function resolveSetting(name: SettingName, layers: Layers): unknown {
  const setting: Setting = SETTINGS[name];
  const candidates: [origin: string, value: unknown][] = [
    [setting.option?.split(' ')[0] ?? name, layers.options?.[name]],
    [setting.environment, layers.environment?.[setting.environment] || undefined],
    ['table_name', name === 'table' ? layers.specTable : undefined],
    [`sluice.config.json: ${name}`, layers.file?.[name]],
    ['the cores that are given', name === 'threads' ? givenCores(layers.environment ?? {}, availableParallelism()) : undefined],
    ['the table named after the experiment', name === 'table' ? layers.experimentTable : undefined],
  ];
  const [origin, value] = candidates.find(([, candidate]) => candidate !== undefined) ?? ['', undefined];
  return parseSetting(name, origin, value);
}

/** The value of the setting `name` that `value`, which came from `origin`, stands for; a mistake where it is none. */
export function parseSetting(name: SettingName, origin: string, value: unknown): unknown {
  const setting: Setting = SETTINGS[name];
  const parsed = setting.schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const rule = parsed.error.issues.map((issue) => issue.message).join(', ');
  throw mistake('bad-setting', `${origin}: ${JSON.stringify(value)} is no value for it (${rule}); ${setting.description}`);
}
