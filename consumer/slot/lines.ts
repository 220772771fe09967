/** Cuts text that arrives in pieces into lines. */
export interface LineSplitter {
  push(text: string): void;
  /** Gives the last line, where it has no end. */
  flush(): void;
}

/**
 * Calls `onLine` for every line, without its end; of a line longer than `maxCharacters` only the beginning is
 * kept.
 */
export function splitLines(maxCharacters: number, onLine: (line: string) => void): LineSplitter {
  let pending = '';
  const append = (text: string): void => {
    if (pending.length < maxCharacters) pending += text.slice(0, maxCharacters - pending.length);
  };
  const emit = (): void => {
    onLine(pending.endsWith('\r') ? pending.slice(0, -1) : pending);
    pending = '';
  };
  return {
    push(text) {
      let start = 0;
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
        append(text.slice(start, end));
        emit();
        start = end + 1;
      }
      append(text.slice(start));
    },
    flush() {
      if (pending !== '') emit();
    },
  };
}
