/** Where a text stops being JSON, both counted from 1. */
export interface JsonFault {
  readonly line: number;
  readonly column: number;
  /** What stands there, up to 20 characters, or undefined at the end of the text. */
  readonly found: string | undefined;
}

const TOKEN = new RegExp(
  [
    String.raw`[{}[\],:]`,
    String.raw`"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"`,
    String.raw`-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])`,
    String.raw`(?:true|false|null)(?!\w)`,
  ].join('|'),
  'y',
);

/** What may come: a value, a value or `]`, a key, a key or `}`, `:`, `,` or a closing bracket, nothing. */
type Expected = 'value' | 'first-item' | 'key' | 'first-key' | 'colon' | 'next' | 'end';

/** The first place where `text` breaks JSON's grammar (RFC 8259), or undefined where it is JSON. */
export function jsonFault(text: string): JsonFault | undefined {
  const open: string[] = [];
  let expected: Expected = 'value';
  let offset = skipBlanks(text, 0);
  while (offset < text.length) {
    TOKEN.lastIndex = offset;
    const token = TOKEN.exec(text)?.[0];
    const next: Expected | undefined = token === undefined ? undefined : advance(expected, token, open);
    if (token === undefined || next === undefined) return faultAt(text, offset);
    expected = next;
    offset = skipBlanks(text, offset + token.length);
  }
  return expected === 'end' ? undefined : faultAt(text, text.trimEnd().length);
}

/** What may come after `token`, undefined where the token itself may not come; `open` holds the brackets. */
function advance(expected: Expected, token: string, open: string[]): Expected | undefined {
  const isKey = expected === 'key' || expected === 'first-key';
  if (isKey && token.startsWith('"')) return 'colon';
  if (expected === 'colon') return token === ':' ? 'value' : undefined;
  if (expected === 'next' && token === ',') return open.at(-1) === '{' ? 'key' : 'value';
  const closes = { '}': '{', ']': '[' }[token];
  if (closes !== undefined) {
    const may = expected === 'next' || expected === (closes === '{' ? 'first-key' : 'first-item');
    if (!may || open.pop() !== closes) return undefined;
    return open.length === 0 ? 'end' : 'next';
  }
  if (isKey || expected === 'next' || expected === 'end' || token === ',' || token === ':') return undefined;
  if (token === '{' || token === '[') {
    open.push(token);
    return token === '{' ? 'first-key' : 'first-item';
  }
  return open.length === 0 ? 'end' : 'next';
}

function skipBlanks(text: string, offset: number): number {
  const blanks = /[ \t\r\n]*/y;
  blanks.lastIndex = offset;
  blanks.test(text);
  return blanks.lastIndex;
}

function faultAt(text: string, offset: number): JsonFault {
  const before = text.slice(0, offset);
  const found = text
    .slice(offset, offset + 20)
    .split('\n')[0]!
    .trim();
  return {
    line: before.split('\n').length,
    column: offset - before.lastIndexOf('\n'),
    found: found === '' ? undefined : found,
  };
}
