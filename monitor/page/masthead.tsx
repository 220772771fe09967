import type { Snapshot } from '../snapshot.ts';
import type { Link } from './live.ts';

const LINK_TEXTS: Readonly<Record<Link, string>> = { opening: 'connecting', live: 'live', lost: 'disconnected', refused: 'not let in' };

/** The head of the page: its name, the table, the queues, and whether the numbers are live. */
export function Masthead({ link, snapshot, choose }: { readonly link: Link; readonly snapshot: Snapshot | null; readonly choose: (table: string) => void }) {
  const tables = snapshot?.tables ?? [];
  return (
    <header class="masthead">
      <p class="brand"><img src="/icon.svg" alt="" width="24" height="24" /> Sluice</p>
      {tables.length > 0 && (
        <label class="chooser">
          <span>Table</span>
          <select value={snapshot?.table ?? ''} onChange={({ currentTarget }) => choose(currentTarget.value)}>
            {tables.map((name) => <option key={name} value={name}>{name}</option>)}
          </select>
        </label>
      )}
      <p class="masthead-end">
        <a href="/queues/">Queues</a>
        <span class={`link link-${link}`}>{LINK_TEXTS[link]}</span>
      </p>
    </header>
  );
}
