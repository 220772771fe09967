import { numberText } from '../chart/number-text.ts';
import { duration } from '../progress.ts';
import type { Snapshot, SnapshotUpload } from '../snapshot.ts';
import { counted } from './words.ts';

/** What is on its way: computed and not committed, committed and not uploaded. */
export function Backlog({ snapshot: { stream, uploads, atMs } }: { readonly snapshot: Snapshot }) {
  return (
    <dl class="pairs">
      <div>
        <dt>Stream to the database</dt>
        <dd><span data-figure="stream">{counted(stream.entries, 'row')}</span>{stream.oldestSeconds !== null && stream.entries > 0 && <span class="note">the oldest for {duration(stream.oldestSeconds)}</span>}{stream.full && <span class="note bad">full: consumers wait</span>}</dd>
      </div>
      {uploads.map((upload) => <Upload key={upload.target} {...upload} nowMs={atMs} />)}
      {uploads.length === 0 && <div><dt>Uploads</dt><dd class="hush">none asked for</dd></div>}
    </dl>
  );
}

function Upload({ target, uploaded, behind, error, nextTryAtMs, nowMs }: SnapshotUpload & { readonly nowMs: number }) {
  const next = nextTryAtMs === null ? '' : `; next try in ${duration(Math.max(0, (nextTryAtMs - nowMs) / 1000))}`;
  return (
    <div>
      <dt>BigQuery <code>{target}</code></dt>
      <dd>
        {numberText(uploaded)} there, {numberText(behind)} to go
        {error !== null && <span class="note bad">{error}{next}</span>}
      </dd>
    </div>
  );
}
