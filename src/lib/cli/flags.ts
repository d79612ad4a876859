import { boolean, custom, integer, option, string } from '@oclif/core/flags'
import { UsageError } from '../errors.ts'
import { type Format, formatsOf } from '../output/formats.ts'
import type { Shape } from '../output/shape.ts'
import { parseDuration } from '../values/durations.ts'

/** The kinds of flags that commands declare for themselves. */
export { boolean, custom, integer, option, string }

/** A length of time with its unit, as milliseconds. */
export const duration = custom<number>({
  helpValue: 'DURATION',
  parse: async (text) => parseDuration(text),
})

/** One of these names, in whatever case it is typed. A slip would find nothing, and say nothing. */
export function oneOf(names: readonly string[]) {
  return custom<string>({
    parse: async (text) => {
      const name = names.find((each) => each.toLowerCase() === text.toLowerCase())
      if (name !== undefined) return name
      throw new UsageError('no-such-choice', `"${text}" is none of ${names.join(', ')}`)
    },
  })
}

/** Every command has these. */
export const talkFlags = {
  quiet: boolean({ char: 'q', summary: 'Say nothing on stderr but errors.', helpGroup: 'talk' }),
  verbose: boolean({ char: 'v', summary: 'Say more of what goes wrong.', helpGroup: 'talk' }),
}

/** For a command that returns rows: `-o` offers the formats that these rows have. */
export function outputFlags(shape: Pick<Shape<never>, 'name' | 'metrics' | 'hasRaw'>) {
  const options: readonly Format[] = formatsOf(shape)
  return {
    output: option({
      char: 'o',
      options,
      default: 'table' as const,
      summary: `How to print: ${options.join(', ')}.`,
      helpValue: 'FORMAT',
      helpGroup: 'output',
    })(),
    'no-headers': boolean({
      summary: 'Leave out the header of a table, of csv and tsv.',
      helpGroup: 'output',
    }),
    'csv-safe': boolean({
      summary: 'Keep a spreadsheet from running csv or tsv as formulas.',
      helpGroup: 'output',
    }),
  }
}

/** For a command that asks a live cluster. */
export const clusterFlags = {
  bootstrap: string({
    char: 'b',
    summary: 'Brokers to begin with; without a port it is 9092. KTOOL_BOOTSTRAP if not said.',
    helpValue: 'HOST:PORT,…',
    helpGroup: 'cluster',
  }),
  context: string({
    char: 'c',
    summary: 'The context to use; KTOOL_CONTEXT or the current one if not said.',
    helpValue: 'NAME',
    helpGroup: 'cluster',
  }),
  'command-config': string({
    summary: 'A client.properties file, as the Java clients read it.',
    helpValue: 'FILE',
    helpGroup: 'cluster',
  }),
  set: string({
    char: 'X',
    multiple: true,
    multipleNonGreedy: true,
    summary: 'One property of the connection. A secret is given as @file, env:NAME or -.',
    helpValue: 'KEY=VALUE',
    helpGroup: 'cluster',
  }),
  timeout: duration({
    summary: 'How long to wait for all answers together; 30s if not said.',
    helpGroup: 'cluster',
  }),
}

/** For a command that changes something. */
export const changeFlags = {
  yes: boolean({ char: 'y', summary: 'Do not ask.', helpGroup: 'change' }),
  confirm: string({
    summary:
      'The name that would be asked for, where something cannot be undone or the context is protected.',
    helpValue: 'NAME',
    helpGroup: 'change',
  }),
  'dry-run': boolean({
    summary: 'Print the plan and change nothing.',
    helpGroup: 'change',
    exclusive: ['plan-out'],
  }),
  'plan-out': string({
    summary: 'Write the plan to a file and change nothing; ktool apply FILE does it later.',
    helpValue: 'FILE',
    helpGroup: 'change',
  }),
}

/** For a command that can be looked at for a while. */
export const watchFlags = {
  watch: boolean({ char: 'w', summary: 'Go on, and show it anew.', helpGroup: 'watch' }),
  every: duration({ dependsOn: ['watch'], summary: 'How often; 2s if not said.', helpGroup: 'watch' }),
}

/** Shared flags that take a value, as they are typed: one of these before the command takes the next word. */
export function valueFlagsOf(...sets: Record<string, { type: string; char?: string }>[]): Set<string> {
  const names = sets.flatMap((flags) =>
    Object.entries(flags)
      .filter(([, { type }]) => type === 'option')
      .flatMap(([name, { char }]) => (char === undefined ? [`--${name}`] : [`--${name}`, `-${char}`])),
  )
  return new Set(names)
}
