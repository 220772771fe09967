import type { Snapshot } from '../snapshot.ts';
import { Backlog } from './backlog.tsx';

/** Whether broker and sink are at work, what is on its way, and what `sluice explain` says of the table. */
export function Health({ snapshot }: { readonly snapshot: Snapshot }) {
  const { broker, sink, reasons } = snapshot;
  return (
    <section class="panel" aria-labelledby="health-title">
      <h2 id="health-title">Health</h2>
      <ul class="health">
        <Part name="Broker" {...broker} />
        <Part name="Sink" {...sink} />
      </ul>
      <h3>On the way</h3>
      <Backlog snapshot={snapshot} />
      <h3>What goes on</h3>
      <ul class="reasons">
        {reasons.map(({ code, text, type }) => (
          <li key={`${code} ${text}`}>{text}{type !== null && <>: <code>{type}</code></>}</li>
        ))}
      </ul>
    </section>
  );
}

function Part({ name, up, text }: { readonly name: string; readonly up: boolean; readonly text: string }) {
  return (
    <li data-part={name.toLowerCase()} data-up={up}>
      <span class={up ? 'mark mark-good' : 'mark mark-bad'} aria-hidden="true">{up ? '✓' : '!'}</span>
      <span><strong>{name}</strong> <span class="hush">{up ? 'up' : 'down'}</span><br />{text}</span>
    </li>
  );
}
