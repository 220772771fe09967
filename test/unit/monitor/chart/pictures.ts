/** What a chart's SVG text draws, read from the text alone. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** All coordinates of lines, circles and bars, and of the vertices of paths. */
  readonly places: readonly (readonly [x: number, y: number])[];
  readonly texts: readonly string[];
}

/** Reads SVG text; throws where a coordinate is no number or a tag is left open. */
export function pictureOf(svg: string): Picture {
  checkTags(svg);
  const numbers = (pattern: RegExp): number[][] => [...svg.matchAll(pattern)].map(([, ...found]) => found.map((text) => finite(text)));
  const [size = []] = numbers(/<svg [^>]*viewBox="0 0 (\S+) (\S+)"/g);
  const lines = numbers(/<line [^>]*x1="([^"]*)" x2="([^"]*)" y1="([^"]*)" y2="([^"]*)"/g).flatMap(([x1, x2, y1, y2]) => [[x1, y1], [x2, y2]]);
  const circles = numbers(/<circle [^>]*cx="([^"]*)" cy="([^"]*)"/g);
  const bars = numbers(/<rect [^>]*x="([^"]*)" y="([^"]*)" width="([^"]*)" height="([^"]*)"/g).flatMap(([x = 0, y = 0, width = 0, height = 0]) => [[x, y], [x + width, y + height]]);
  const vertices = [...svg.matchAll(/ d="([^"]*)"/g)].flatMap(([, path = '']) => [...path.matchAll(/[ML]([^,]+),([^MLZ]+)/g)].map(([, x, y]) => [finite(x), finite(y)]));
  return {
    width: size[0] ?? Number.NaN,
    height: size[1] ?? Number.NaN,
    places: [...lines, ...circles, ...bars, ...vertices] as unknown as [number, number][],
    texts: [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = '']) => text),
  };
}

function finite(text = ''): number {
  const number = Number(text);
  if (text === '' || !Number.isFinite(number)) throw new Error(`"${text}" is no coordinate`);
  return number;
}

function checkTags(svg: string): void {
  const open: string[] = [];
  for (const [, end, name = '', closed] of svg.matchAll(/<(\/?)([\w-]+)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (end === '/') {
      if (open.pop() !== name) throw new Error(`</${name}> closes another tag`);
    } else if (closed !== '/') open.push(name);
  }
  if (open.length > 0) throw new Error(`${open.join(', ')} left open`);
}
