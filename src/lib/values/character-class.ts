/** Whether a character, by its code point, is one of those that are meant. */
export type CharacterTest = (character: number) => boolean

const classes: Readonly<Record<string, RegExp>> = {
  d: /[0-9]/,
  w: /[0-9A-Za-z_]/,
  s: /[\t\n\f\r ]/,
}

const posix: Readonly<Record<string, RegExp>> = {
  alnum: /[0-9A-Za-z]/,
  alpha: /[A-Za-z]/,
  digit: /[0-9]/,
  lower: /[a-z]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[\t\n\v\f\r ]/,
  upper: /[A-Z]/,
  word: /[0-9A-Za-z_]/,
  xdigit: /[0-9A-Fa-f]/,
}

const controls: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 }

export function oneOf(tests: readonly CharacterTest[]): CharacterTest {
  return (character) => tests.some((test) => test(character))
}

export function not(test: CharacterTest): CharacterTest {
  return (character) => !test(character)
}

export function between(first: number, last: number): CharacterTest {
  return (character) => character >= first && character <= last
}

/** The same whether it is written large or small. */
export function anyCase(test: CharacterTest): CharacterTest {
  return (character) => {
    const text = String.fromCodePoint(character)
    return [text, text.toLowerCase(), text.toUpperCase()].some((form) => test(form.codePointAt(0) ?? 0))
  }
}

/** What `\d`, `\W` and their like mean; nothing for another letter. */
export function classOf(letter: string): CharacterTest | undefined {
  const known = classes[letter.toLowerCase()]
  if (known === undefined) return undefined
  return letter === letter.toLowerCase() ? byPattern(known) : not(byPattern(known))
}

export function posixClassOf(name: string): CharacterTest | undefined {
  const known = posix[name]
  return known && byPattern(known)
}

/** Of Unicode, such as `L` or `Greek`; nothing where there is none of this name. */
export function propertyOf(name: string): CharacterTest | undefined {
  for (const property of [name, `Script=${name}`]) {
    try {
      return byPattern(new RegExp(`\\p{${property}}`, 'u'))
    } catch {
      // The next one, if any.
    }
  }
  return undefined
}

/** A character that a letter behind a backslash stands for; any sign stands for itself. */
export function escapedCharacter(letter: string): number | undefined {
  if (/^[!-/:-@[-`{-~]$/.test(letter)) return letter.codePointAt(0)
  return controls[letter]
}

function byPattern(pattern: RegExp): CharacterTest {
  return (character) => pattern.test(String.fromCodePoint(character))
}
