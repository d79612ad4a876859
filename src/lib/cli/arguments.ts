import { custom, string } from '@oclif/core/args'

interface Facts {
  readonly description: string
  readonly required?: boolean
  /** The words that it can be. */
  readonly options?: readonly string[]
}

/**
 * An argument. Left to itself oclif would fill an absent one from stdin, and so eat
 * what a pipe meant for the command.
 */
export function argument(facts: Facts & { readonly required: true }) {
  return string({ ...facts, ignoreStdin: true })
}

/** One that may be left out. */
export function optionalArgument(facts: Omit<Facts, 'required'>) {
  return string({ ...facts, ignoreStdin: true })
}

/** As many as are typed. */
export function argumentList(facts: Facts) {
  return string({ ...facts, multiple: true, ignoreStdin: true })
}

/** One of these words in the plural; whoever types `topic` means `topics`. */
export function pluralArgument({ options, ...facts }: Facts & { readonly options: readonly string[] }) {
  const plural = (typed: string) => options.find((each) => each === typed || each === `${typed}s`)
  // oclif looks whether the word is among them before it has it parsed.
  const tolerant = Object.assign([...options], { includes: (typed: string) => plural(typed) !== undefined })
  return custom<string>({
    ...facts,
    options: tolerant,
    required: true,
    ignoreStdin: true,
    parse: async (typed) => plural(typed) ?? typed,
  })({ required: true })
}
