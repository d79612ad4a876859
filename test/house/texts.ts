/** What no text of the project may hold. Written in pieces, so that this file does not find itself. */

const any = (...words: string[][]) => new RegExp(words.map((parts) => parts.join('')).join('|'))

export const machinePaths = any(
  ['(?<![\\w./@-])/(work|root|home|Users)', '/[\\w.-]+'],
  ['[A-Z]:\\\\', 'Users\\\\'],
)

export const registryHosts = any(
  ['registry\\.', '(npmjs|yarnpkg)'],
  ['repo1?\\.', 'maven'],
  ['proxy\\.', 'golang'],
  ['pypi\\.', 'org'],
  ['static\\.', 'crates'],
  ['"resolved": ', '"http'],
  ['<repositor', '(y|ies)>'],
  ['index-', 'url'],
)

export const unfinished = any(
  ['\\b(it|test|describe)\\.', '(skip|only|todo)\\b'],
  ['\\bTO', 'DO\\b'],
  ['\\bFIX', 'ME\\b'],
  ['@ts-', '(ignore|nocheck)'],
)

export interface Text {
  path: string
  text: string
}

export function findLines(texts: Text[], pattern: RegExp): string[] {
  return texts.flatMap(({ path, text }) =>
    text
      .split('\n')
      .map((line, index) => ({ line, place: `${path}:${index + 1}` }))
      .filter(({ line }) => pattern.test(line))
      .map(({ line, place }) => `${place} ${line.trim().slice(0, 120)}`),
  )
}

/** The commands that a page shows in indented code: `ktool protocol decode --api …` is protocol decode. */
export function namedCommands(page: string): string[][] {
  return [...page.matchAll(/^ {4}(?:\$ )?ktool ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)?)/gm)].map((match) =>
    (match[1] ?? '').split(' '),
  )
}
