import { z } from 'zod';
import { slurmState, SLURM_STATES } from './states.ts';

export const taskSchema = z.object({
  /** `123_4`; `123` where the job is no array. */
  id: z.string(),
  /** The array's job, which all its tasks share: `123`. */
  jobId: z.string(),
  name: z.string(),
  state: z.enum(SLURM_STATES),
  /** SLURM's own word, as `Resources`; empty where there is none. */
  reason: z.string(),
  /** When it started or is expected to, milliseconds since 1970; null where SLURM does not know. */
  startsAtMs: z.number().nullable(),
  /** Its node, or nodes in SLURM's short form; null before it has one. */
  node: z.string().nullable(),
  cpus: z.number(),
});

/** An array task, or a job without one, in squeue's answer. */
export type SlurmTask = z.infer<typeof taskSchema>;

/** Stands between the fields: in no state, reason, node or time; a name that holds it comes last and is kept whole. */
const SEPARATOR = '|';

/** What squeue is asked to print: one line a task, of the fields that tasksIn reads. */
export const SQUEUE_FORMAT = ['%i', '%F', '%T', '%r', '%S', '%N', '%C', '%j'].join(SEPARATOR);

/** The fields before the name. */
const FIELDS_BEFORE_NAME = 7;

/** The tasks in what squeue printed by SQUEUE_FORMAT, `--array --noheader`; lines of another form are passed over. */
export function tasksIn(printed: string): SlurmTask[] {
  return printed.split('\n').flatMap(tasksOfLine);
}

function tasksOfLine(line: string): SlurmTask[] {
  const fields = line.split(SEPARATOR);
  if (fields.length <= FIELDS_BEFORE_NAME) return [];
  const [id, jobId, state, reason, start, node, cpus] = fields.map((field) => field.trim()) as [string, string, string, string, string, string, string];
  if (!/^\d/.test(id)) return [];
  const task = {
    jobId, name: fields.slice(FIELDS_BEFORE_NAME).join(SEPARATOR).trim(), state: slurmState(state),
    reason: reason === 'None' ? '' : reason, startsAtMs: localTimeMs(start), node: node === '' ? null : node, cpus: Number(cpus) || 0,
  };
  return taskIds(id).map((one) => ({ id: one, ...task }));
}

/** `123_[1-3,8%2]` as the tasks that it stands for; a list that squeue cut short with dots as those it shows. */
export function taskIds(id: string): string[] {
  const array = /^(\d+)_\[([^\]%]*)/.exec(id);
  if (array === null) return [id];
  return array[2]!.split(',').flatMap((part) => {
    const range = /^(\d+)(?:-(\d+)(?::(\d+))?)?$/.exec(part.trim());
    if (range === null) return [];
    const [first, last, step] = [Number(range[1]), Number(range[2] ?? range[1]), Math.max(1, Number(range[3] ?? 1))];
    return Array.from({ length: Math.max(0, Math.floor((last - first) / step) + 1) }, (_, index) => `${array[1]}_${first + index * step}`);
  });
}

/** SLURM prints times of its host's zone, without one. */
function localTimeMs(printed: string): number | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(printed)) return null;
  const timeMs = new Date(printed).getTime();
  return Number.isNaN(timeMs) ? null : timeMs;
}
