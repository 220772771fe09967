import type { Snapshot } from '../snapshot.ts';
import type { Link } from './live.ts';

/** What stands in the way, above everything else; nothing where all is well. */
export function Banners({ link, snapshot }: { readonly link: Link; readonly snapshot: Snapshot | null }) {
  return (
    <>
      {link === 'lost' && (
        <div class="banner" data-banner="lost">
          <strong>The connection to the server is lost.</strong> {snapshot !== null && <>What stands below is of {new Date(snapshot.atMs).toLocaleTimeString()}. </>}
          The page tries again by itself; where <code>sluice dashboard</code> was ended, start it again.
        </div>
      )}
      {link === 'refused' && (
        <div class="banner" data-banner="refused">
          <strong>The server does not know this page any more.</strong> It was started anew: open the link that <code>sluice dashboard</code> printed.
        </div>
      )}
      {snapshot !== null && (['broker', 'sink'] as const).filter((part) => !snapshot[part].up).map((part) => (
        <div class="banner" key={part} data-banner={part}><strong>{part === 'broker' ? 'Broker' : 'Sink'}:</strong> {snapshot[part].text}</div>
      ))}
    </>
  );
}
