/** Why an entry was not applied; stable, kept with the dead letter. */
export type UnfitCode =
  /** The bytes are no entry. */
  | 'undecodable'
  /** Its table has no plan yet; the entry is applied when the plan arrives. */
  | 'unknown-table'
  /**
   * The table belongs to another experiment, or the key is not that of the point under the table's
   * experiment.
   */
  | 'other-experiment'
  /** The row as a whole cannot be kept. */
  | 'bad-row'
  /** A column's name cannot be kept, or means something else in the table. */
  | 'bad-column'
  /** The table would pass SQLite's limit. */
  | 'too-many-columns'
  /** SQLite refused what was written. */
  | 'refused';

/** An entry that cannot be applied: it goes to the dead letters with this reason, and the others go on. */
export class Unfit extends Error {
  override readonly name = 'Unfit';
  readonly code: UnfitCode;

  constructor(code: UnfitCode, reason: string) {
    super(reason);
    this.code = code;
  }
}
