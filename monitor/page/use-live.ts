import { useEffect, useState } from 'preact/hooks';
import type { Snapshot } from '../snapshot.ts';
import { openLive, type Link } from './live.ts';
import { newsOf } from './news.ts';

/** What the page knows. */
export interface Live {
  readonly link: Link;
  /** The latest, whatever became of the connection since. */
  readonly snapshot: Snapshot | null;
  /** What was heard last that is worth saying aloud. */
  readonly news: string;
}

const NOTHING: Live = { link: 'opening', snapshot: null, news: '' };

/** The state of `table`, renewed for as long as the page is open. */
export function useLive(table: string | null): Live {
  const [live, setLive] = useState(NOTHING);
  useEffect(
    () =>
      openLive(table, {
        snapshot: (snapshot) =>
          setLive((before) => {
            const news = newsOf(before.snapshot, snapshot);
            return { ...before, snapshot, news: news.length === 0 ? before.news : news.join(' ') };
          }),
        link: (link) => setLive((before) => (before.link === link ? before : { ...before, link, news: linkNews(link, before) })),
      }),
    [table],
  );
  return live;
}

function linkNews(link: Link, { link: before, news }: Live): string {
  if (link === 'lost') return 'The connection to the server is lost.';
  if (link === 'live' && before !== 'opening') return 'The connection to the server is back.';
  return news;
}
