import { AuthError, FailedError } from '../../errors.ts'

interface Rule {
  /** Fits the whole of a name or nothing. */
  readonly whole: RegExp
  /** What is replaced, each time that it is found: `.*` twice, as Java has it. */
  readonly part: RegExp
  readonly replace: Replace
  readonly letters: string
}

type Replace = (match: readonly (string | undefined)[], named: Readonly<Record<string, string>>) => string

/** `RULE:pattern/replacement/`, then L, U or nothing; or DEFAULT; or nothing at all. */
const RULE = /\s*(?:(DEFAULT)|RULE:((?:\\.|[^\\/])*)\/((?:\\.|[^\\/])*)\/([LU]?))?\s*(?:[,\n]|$)/gy

/** `ssl.principal.mapping.rules`: which name a certificate's subject stands for; the first rule that fits says it. */
export class PrincipalRules {
  readonly #rules: readonly (Rule | 'default')[]

  constructor(text: string) {
    this.#rules = rulesOf(text.trim())
  }

  apply(subject: string): string {
    for (const rule of this.#rules) {
      if (rule === 'default') return subject
      const { whole, part, replace, letters } = rule
      if (!whole.test(subject)) continue
      const name = subject.replace(part, (...found: unknown[]) => replace(groupsOf(found), namedOf(found)))
      return letters === 'L' ? name.toLowerCase() : letters === 'U' ? name.toUpperCase() : name
    }
    throw new AuthError('no-principal', `no rule of ssl.principal.mapping.rules fits ${subject}`)
  }
}

function rulesOf(text: string): (Rule | 'default')[] {
  const rules: (Rule | 'default')[] = []
  let end = 0
  for (const match of text.matchAll(RULE)) {
    const [found, byDefault, pattern, replacement = '', letters = ''] = match
    end = match.index + found.length
    if (byDefault !== undefined) rules.push('default')
    else if (pattern !== undefined) rules.push(ruleOf(pattern, replacement, letters))
    if (end === text.length) break
  }
  if (end < text.length) throw invalid(text.slice(end))
  return rules
}

function ruleOf(pattern: string, replacement: string, letters: string): Rule {
  try {
    const whole = new RegExp(`^(?:${pattern})$`)
    const groupCount = (new RegExp(`${pattern}|`).exec('')?.length ?? 1) - 1
    return { whole, part: new RegExp(pattern, 'g'), replace: replaceOf(replacement, groupCount), letters }
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw invalid(`RULE:${pattern}/${replacement}/${letters}`)
  }
}

/** In Java's words: `$1`, `${name}`, and a backslash for what is meant as it is. A group that there is not is text. */
function replaceOf(replacement: string, groupCount: number): Replace {
  const pieces = replacement.match(/\\.|\$\d+|\$\{\w+\}|[^\\]/gs) ?? []
  const parts = pieces.map((piece): Replace => {
    if (piece.startsWith('\\')) return () => piece.slice(1)
    if (piece.startsWith('${')) return (_, named) => named[piece.slice(2, -1)] ?? ''
    if (!piece.startsWith('$')) return () => piece
    return groupReplace(piece.slice(1), groupCount)
  })
  return (match, named) => parts.map((part) => part(match, named)).join('')
}

/** Of its digits as many as name a group. */
function groupReplace(digits: string, groupCount: number): Replace {
  if (digits === '' || (groupCount === 0 && Number(digits) > 0)) throw new SyntaxError('no such group')
  let length = digits.length
  while (length > 1 && Number(digits.slice(0, length)) > groupCount) length--
  const group = Number(digits.slice(0, length))
  if (group > groupCount) return () => `$${digits}`
  return (match) => (match[group] ?? '') + digits.slice(length)
}

/** What `replace` gives: the match, its groups, where it is, the text, and the groups that have names. */
function groupsOf(found: readonly unknown[]): (string | undefined)[] {
  const at = found.findIndex((each) => typeof each === 'number')
  return found.slice(0, at) as (string | undefined)[]
}

function namedOf(found: readonly unknown[]): Record<string, string> {
  const last = found.at(-1)
  return typeof last === 'object' && last !== null ? (last as Record<string, string>) : {}
}

function invalid(text: string): FailedError {
  return new FailedError('invalid-principal-rules', `ssl.principal.mapping.rules cannot be read: "${text}"`, {
    hint: 'it is written like RULE:^CN=([^,]+),.*$/$1/L,DEFAULT',
  })
}
