import { FailedError } from '../../errors.ts'

/** The one entry of `sasl.jaas.config`. */
export interface JaasEntry {
  /** The class, without its package. */
  readonly module: string
  readonly options: ReadonlyMap<string, string>
}

const FLAGS = new Set(['required', 'requisite', 'sufficient', 'optional'])
const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  f: '\f',
  b: '\b',
  a: '\x07',
  v: '\v',
}
/** Blanks and comments; a quoted text; one of `=` and `;`; a word. */
const TOKEN = /(?:\s|\/\/[^\n]*|\/\*.*?\*\/)+|"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|([=;])|([^\s=;"']+)/gsy

interface Token {
  readonly kind: 'text' | 'mark'
  readonly text: string
}

/** `Module required name="value" …;` as Java's clients read it. No error repeats what stands there: it may be a secret. */
export function parseJaas(text: string, place: string): JaasEntry {
  const tokens = tokensOf(text, place)
  const [module, flag] = tokens
  if (module?.kind !== 'text' || flag?.kind !== 'text')
    throw malformed(place, 'it begins with a login module and "required"')
  if (!FLAGS.has(flag.text.toLowerCase()))
    throw malformed(place, 'behind the login module stands no "required"')
  const end = tokens.findIndex(({ kind, text: mark }) => kind === 'mark' && mark === ';')
  if (end < 0) throw malformed(place, 'it does not end with a semicolon')
  if (end < tokens.length - 1)
    throw malformed(place, 'there is more behind the semicolon; one login module is enough')
  return { module: module.text.replace(/^.*\./, ''), options: optionsOf(tokens.slice(2, end), place) }
}

function optionsOf(tokens: readonly Token[], place: string): Map<string, string> {
  const options = new Map<string, string>()
  for (let at = 0; at < tokens.length; at += 3) {
    const [key, equals, value] = tokens.slice(at, at + 3)
    const isPair = key?.kind === 'text' && equals?.kind === 'mark' && value?.kind === 'text'
    if (!isPair) throw malformed(place, `its option number ${at / 3 + 1} is not written like name="value"`)
    options.set(key.text, value.text)
  }
  return options
}

function tokensOf(text: string, place: string): Token[] {
  const tokens: Token[] = []
  let end = 0
  for (const match of text.matchAll(TOKEN)) {
    end = match.index + match[0].length
    const [, double, single, mark, word] = match
    const quoted = double ?? single
    if (quoted !== undefined) tokens.push({ kind: 'text', text: unescaped(quoted) })
    else if (mark !== undefined) tokens.push({ kind: 'mark', text: mark })
    else if (word !== undefined) tokens.push({ kind: 'text', text: word })
  }
  if (end < text.length) throw malformed(place, 'a quotation mark has no other one')
  return tokens
}

/** As Java's tokenizer has it, which took it from C. */
function unescaped(text: string): string {
  return text.replace(/\\([0-3]?[0-7]{1,2}|.)/gs, (_, code: string) =>
    /^[0-7]/.test(code) ? String.fromCharCode(Number.parseInt(code, 8)) : (ESCAPES[code] ?? code),
  )
}

function malformed(place: string, reason: string): FailedError {
  return new FailedError('malformed-jaas', `${place} cannot be read: ${reason}`, {
    hint: 'it is written like org.apache.kafka.common.security.plain.PlainLoginModule required username="…" password="…";',
  })
}
