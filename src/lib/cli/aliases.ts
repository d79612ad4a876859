const verbs: ReadonlyMap<string, string> = new Map([
  ['list', 'ls'],
  ['delete', 'rm'],
])

/** The other ways to type a command: the noun's singular, and the verbs that fingers know from the shell. */
export function aliasesOf(id: string): string[] {
  const [noun = '', verb, ...rest] = id.split(':')
  if (verb === undefined) return []
  const nouns = [noun, singular(noun)].filter((each) => each !== undefined)
  const spellings = [verb, verbs.get(verb)].filter((each) => each !== undefined)
  return nouns
    .flatMap((each) => spellings.map((spelling) => [each, spelling, ...rest].join(':')))
    .filter((alias) => alias !== id)
}

function singular(noun: string): string | undefined {
  return /[^su]s$/.test(noun) ? noun.slice(0, -1) : undefined
}
