import { AuthError, FailedError } from '../../errors.ts'

interface Rule {
  readonly pattern: RegExp
  readonly replacement: string
  readonly letters: string
}

/** `RULE:pattern/replacement/`, then L, U or nothing; or DEFAULT. */
const RULE = /\s*(?:(DEFAULT)|RULE:((?:\\.|[^\\/])*)\/((?:\\.|[^\\/])*)\/([LU]?))\s*(?:[,\n]|$)/gy

/** `ssl.principal.mapping.rules`: which name a certificate's subject stands for; the first rule that fits says it. */
export class PrincipalRules {
  readonly #rules: readonly (Rule | 'default')[]

  constructor(text: string) {
    this.#rules = rulesOf(text.trim())
  }

  apply(subject: string): string {
    for (const rule of this.#rules) {
      if (rule === 'default') return subject
      const { pattern, replacement, letters } = rule
      if (!pattern.test(subject)) continue
      const name = subject.replace(pattern, replacement)
      return letters === 'L' ? name.toLowerCase() : letters === 'U' ? name.toUpperCase() : name
    }
    throw new AuthError('no-principal', `no rule of ssl.principal.mapping.rules fits ${subject}`)
  }
}

function rulesOf(text: string): (Rule | 'default')[] {
  const rules: (Rule | 'default')[] = []
  let end = 0
  for (const match of text.matchAll(RULE)) {
    const [whole, byDefault, pattern = '', replacement = '', letters = ''] = match
    end = match.index + whole.length
    rules.push(byDefault === undefined ? { pattern: patternOf(pattern), replacement, letters } : 'default')
  }
  if (end < text.length || rules.length === 0) throw invalid(text)
  return rules
}

/** Java's rules fit the whole of a name or nothing. */
function patternOf(text: string): RegExp {
  try {
    return new RegExp(`^(?:${text})$`, 's')
  } catch {
    throw invalid(text)
  }
}

function invalid(text: string): FailedError {
  return new FailedError('invalid-principal-rules', `ssl.principal.mapping.rules cannot be read: "${text}"`, {
    hint: 'it is written like RULE:^CN=([^,]+),.*$/$1/L,DEFAULT',
  })
}
