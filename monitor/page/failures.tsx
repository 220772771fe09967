import { useEffect, useRef, useState } from 'preact/hooks';
import type { Snapshot } from '../snapshot.ts';
import { retry } from './retry.ts';
import { counted } from './words.ts';

/** The failed points by their messages, with buttons that run them again. */
export function Failures({ snapshot: { failures, counts, table, canRetry } }: { readonly snapshot: Snapshot }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const [told, setTold] = useState('');
  const [asked, setAsked] = useState<ReadonlySet<string>>(new Set());
  const { groups, hidden } = failures;
  // A button that had the focus is gone with its group: the focus goes to where it stood, not to the top of the page.
  const pressed = useRef(false);
  useEffect(() => {
    if (!pressed.current || document.activeElement !== document.body) return;
    pressed.current = false;
    heading.current?.focus();
  }, [groups.length]);
  const ask = async (name: string, message?: string): Promise<void> => {
    if (table === null || asked.has(name)) return;
    pressed.current = true;
    setAsked((before) => new Set(before).add(name));
    setTold(await retry(table, message));
    setAsked((before) => new Set([...before].filter((other) => other !== name)));
  };
  const button = (name: string, label: string, message?: string) => (
    <button type="button" aria-disabled={asked.has(name)} aria-label={message === undefined ? undefined : `${label}: ${message}`} onClick={() => void ask(name, message)}>
      {asked.has(name) ? 'Asking ...' : label}
    </button>
  );
  if (counts.failed === 0 && told === '' && asked.size === 0) return null;
  return (
    <section class="panel wide" aria-labelledby="failures">
      <h2 id="failures" ref={heading} tabIndex={-1}>Failures</h2>
      {groups.length === 0 && <p class="hush">No point is failed now.</p>}
      <ul class="failures">
        {groups.map(({ message, count }) => (
          <li key={message}>
            <p><strong>{counted(count, 'point')}</strong> <span class="message">{message}</span></p>
            {canRetry && button(`one ${message}`, `Retry ${counted(count, 'point')}`, message)}
          </li>
        ))}
      </ul>
      {hidden > 0 && <p class="hush">and {counted(hidden, 'point')} that failed in other ways</p>}
      {canRetry && (groups.length > 1 || hidden > 0) && <p class="all">{button('all', `Retry all ${counted(counts.failed, 'point')}`)}</p>}
      {!canRetry && groups.length > 0 && <p class="hush">To run them again: <code>npx sluice retry {table}</code></p>}
      <p class="told" role="status">{told}</p>
    </section>
  );
}
