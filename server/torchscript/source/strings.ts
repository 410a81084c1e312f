// Python's string literals, with the escapes that TorchScript's printer uses.

const SIMPLE: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['v', '\v'],
  ['\\', '\\'],
  ['"', '"'],
  ["'", "'"],
  ['\n', ''],
]);

/** The string that begins at `at` with its quote, and where it ends; undefined when it does not end on its line. */
export function readString(text: string, at: number): { readonly value: string; readonly end: number } | undefined {
  const quote = text[at]!;
  const parts: string[] = [];
  let from = at + 1;
  for (let index = from; index < text.length; index += 1) {
    const char = text[index]!;
    if (char === '\n') return undefined;
    if (char === quote) return { value: parts.concat(text.slice(from, index)).join(''), end: index + 1 };
    if (char !== '\\') continue;
    const { value, length } = readEscape(text, index + 1);
    parts.push(text.slice(from, index), value);
    from = index + 1 + length;
    index = from - 1;
  }
  return undefined;
}

/** What follows a backslash. An escape that Python does not know stays as it is, backslash and all. */
function readEscape(text: string, at: number): { value: string; length: number } {
  const char = text[at] ?? '';
  const simple = SIMPLE.get(char);
  if (simple !== undefined) return { value: simple, length: 1 };
  const hex = /^(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U(000[0-9a-fA-F]{5}|0010[0-9a-fA-F]{4}))/.exec(
    text.slice(at, at + 9),
  );
  if (hex !== null) {
    return { value: String.fromCodePoint(Number.parseInt(hex[1] ?? hex[2] ?? hex[3]!, 16)), length: hex[0].length };
  }
  const octal = /^[0-7]{1,3}/.exec(text.slice(at, at + 3))?.[0];
  if (octal !== undefined) return { value: String.fromCharCode(Number.parseInt(octal, 8)), length: octal.length };
  return { value: '\\', length: 0 };
}
