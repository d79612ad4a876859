import { FailedError } from '../../errors.ts'

const WORD = /\s*(?:((?:[^\s"'\\]|\\.|"(?:\\.|[^"\\])*"|'[^']*')+)|$)/gsy

/** A command line in words, as a shell parts it; nothing in it is replaced, and no shell sees it. */
export function commandWords(text: string, place: string): string[] {
  const words: string[] = []
  let end = 0
  for (const match of text.matchAll(WORD)) {
    end = match.index + match[0].length
    if (match[1] !== undefined) words.push(unquoted(match[1]))
  }
  if (end === text.length && words.length > 0) return words
  throw new FailedError('invalid-property', `${place} is no command: a quotation mark has no other one`)
}

function unquoted(word: string): string {
  return word.replace(
    /"((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)/gs,
    (_, double?: string, single?: string, char?: string) =>
      double === undefined ? (single ?? char ?? '') : double.replace(/\\(["\\$`])/g, '$1'),
  )
}
