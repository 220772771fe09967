import { mistake } from '../../runtime/errors.ts';

/** The dataset where none is named: the course's. */
const DEFAULT_DATASET = 'EMS';

/** Where rows are copied to: a dataset of a project of BigQuery. */
export interface Target {
  readonly project: string;
  readonly dataset: string;
  /** PROJECT.DATASET: the name that the outbox knows it by. */
  readonly name: string;
}

/** A project's id, maybe with its organisation's domain before a colon, and a dataset's name. */
const FORM = /^((?:[a-z0-9.-]+:)?[a-z][a-z0-9-]*)(?:\.([A-Za-z0-9_]+))?$/;

/** The target that `PROJECT.DATASET` or `PROJECT` names; throws SluiceError `bad-target` where it is none. */
export function parseTarget(text: string): Target {
  const [, project, dataset = DEFAULT_DATASET] = FORM.exec(text) ?? [];
  if (project === undefined) throw mistake('bad-target', `--bigquery "${text}": expected PROJECT.DATASET, as in my-project-1234.EMS, or PROJECT alone`);
  return { project, dataset, name: `${project}.${dataset}` };
}
