import type { CloudSettings } from './cloud-settings.ts';
import type { Pace } from './pace.ts';

/** What the thread is given at its start. */
export interface UploadTask {
  /** The data folder, absolute. */
  readonly data: string;
  readonly settings: CloudSettings;
  readonly pace: Pace;
  readonly logLevel: string;
}

/** An entry, encoded, that the thread wants committed. */
export interface CommitOrder {
  readonly id: number;
  readonly bytes: Uint8Array;
}

/** Whether it was. */
export interface CommitAnswer {
  readonly id: number;
  readonly fault: { readonly code: string; readonly message: string } | undefined;
}
