/**
 * Names, keys and errors come from strangers. Sent raw to a terminal they could move its cursor, set its
 * title, hide text or turn its direction round, so whatever is not plain text is shown as an escape.
 */
const UNSAFE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\uFEFF]/u
const UNSAFE_EACH = new RegExp(UNSAFE, 'gu')
/** The same where line ends and tabs are layout. */
const UNSAFE_BUT_LAYOUT = /(?!\r?\n|\t)[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\uFEFF]/gu

const short: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
])

export function isUnsafe(text: string): boolean {
  return UNSAFE.test(text)
}

/** One line of plain text. */
export function sanitise(text: string): string {
  return isUnsafe(text) ? text.replace(UNSAFE_EACH, escapeOf) : text
}

/** Plain text in lines, with tabs. */
export function sanitiseLines(text: string): string {
  return isUnsafe(text) ? text.replace(UNSAFE_BUT_LAYOUT, escapeOf) : text
}

/** Inside the quotes of JSON or of YAML, where `\uXXXX` means the character itself. */
export function escapeInQuotes(text: string): string {
  return isUnsafe(text) ? text.replace(UNSAFE_BUT_LAYOUT, unicodeEscape) : text
}

function escapeOf(char: string): string {
  const code = char.charCodeAt(0)
  return short.get(char) ?? (code < 0x100 ? `\\x${hex(code, 2)}` : unicodeEscape(char))
}

function unicodeEscape(char: string): string {
  return `\\u${hex(char.charCodeAt(0), 4)}`
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0')
}
