import { useEffect, useState } from 'preact/hooks';
import { Answer } from './answer.tsx';
import { Banners } from './banners.tsx';
import { Charts } from './charts.tsx';
import { Consumers } from './consumers.tsx';
import { Failures } from './failures.tsx';
import { Health } from './health.tsx';
import { Masthead } from './masthead.tsx';
import { Progress } from './progress.tsx';
import { useLive } from './use-live.ts';
import { percent } from './words.ts';

/** The page: one table at a time, as its address says. */
export function App() {
  const [chosen, setChosen] = useState(() => new URLSearchParams(location.search).get('table'));
  const { link, snapshot, news } = useLive(chosen);
  const choose = (table: string): void => {
    history.replaceState(null, '', `?table=${encodeURIComponent(table)}`);
    setChosen(table);
  };
  useEffect(() => {
    if (snapshot?.table != null) document.title = `${percent(shareOf(snapshot.counts))} ${snapshot.table} – Sluice`;
  }, [snapshot]);
  return (
    <>
      <a class="skip" href="#main">To the numbers</a>
      <Masthead link={link} snapshot={snapshot} choose={choose} />
      <main id="main" tabIndex={-1}>
        <Banners link={link} snapshot={snapshot} />
        {snapshot === null ? <p class="hush">Waiting for the first numbers ...</p> : snapshot.table === null ? <p class="hush">There is no table yet. <code>npx sluice enqueue</code> asks for one; it appears here by itself.</p> : (
          <div class="panels" key={snapshot.table}>
            <Progress snapshot={snapshot} />
            <Answer answer={snapshot.answer} />
            <Failures snapshot={snapshot} />
            <Charts snapshot={snapshot} />
            <Health snapshot={snapshot} />
            <Consumers snapshot={snapshot} />
          </div>
        )}
      </main>
      <footer class="foot">{snapshot !== null && <>Sluice {snapshot.sluice}, numbers of <time>{new Date(snapshot.atMs).toLocaleTimeString()}</time></>}</footer>
      <p class="unseen" role="status" aria-live="polite">{news}</p>
    </>
  );
}

function shareOf({ points, stored }: { readonly points: number; readonly stored: number }): number {
  return points === 0 ? 0 : Math.min(1, stored / points);
}
