const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Control characters but tab and line ends: no entity of XML stands for them. */
// oxlint-disable-next-line no-control-regex
const UNSAYABLE = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;

/** `text` as it may stand in HTML and SVG, between tags or within a quoted attribute: whoever wrote it, it is only read. */
export function escaped(text: string): string {
  return text.replaceAll(UNSAYABLE, '\uFFFD').replaceAll(/[&<>"']/g, (character) => ENTITIES[character] as string);
}
