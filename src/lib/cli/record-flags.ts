import { isolations } from '../model/records.ts'
import { formatLetters } from '../output/records/text-format.ts'
import type { Clock } from '../ports/clock.ts'
import { pause } from '../ports/pause.ts'
import { serdeFormats } from '../serde/formats.ts'
import { argumentList } from './arguments.ts'
import { boolean, integer, option, string } from './flags.ts'

const format = option({ options: serdeFormats, default: 'text' as const, helpValue: 'FORMAT' })

/** For a command that shows records. */
export const serdeFlags = {
  key: format({ summary: `How to show keys: ${serdeFormats.join(', ')}.` }),
  value: format({ summary: 'How to show values, in the same formats.' }),
}

/** For a command that goes through topics. */
export const partitionFlags = {
  partitions: string({
    char: 'p',
    summary: 'These partitions of each topic: 0,2-5.',
    helpValue: 'PARTITIONS',
  }),
  regex: boolean({ summary: 'The names are patterns, each for whole names; internal topics never match.' }),
}

/** Whoever follows looks as often whether there are new partitions, or new topics. */
const LOOK_AGAIN_MS = 2000

export function lookAgain(clock: Clock): Promise<void> {
  return pause(clock, LOOK_AGAIN_MS)
}

/** For a command that shows what readers of topics get. */
export const readerFlags = {
  isolation: option({
    options: isolations,
    default: 'uncommitted' as const,
    summary: 'With committed, leave out the records of transactions that are open or were aborted.',
    helpValue: 'ISOLATION',
  })(),
  match: string({
    multiple: true,
    multipleNonGreedy: true,
    summary: 'Only records of which this holds; given more than once, all of it. See below.',
    helpValue: 'MATCH',
  }),
  ...serdeFlags,
  format: string({
    exclusive: ['output'],
    summary: 'Print each record as this says: %v, %k, %t, %p, %o and others, \\n and \\t. See below.',
    helpValue: 'TEXT',
    helpGroup: 'output',
  }),
}

/** For reading as a member of a consumer group. */
export const groupFlags = {
  group: string({
    char: 'g',
    exclusive: ['to', 'by-time', 'partitions', 'log-dir'],
    summary: 'Read as a member of this consumer group, and commit what was printed.',
    helpValue: 'GROUP',
    helpGroup: 'group',
  }),
  exec: string({
    dependsOn: ['group'],
    exclusive: ['output', 'format'],
    summary: 'Run this in a shell for each record, instead of printing it.',
    helpValue: 'CMD',
    helpGroup: 'group',
  }),
  workers: integer({
    dependsOn: ['exec'],
    min: 1,
    max: 256,
    summary: 'Run so many at once; 1 if not said.',
    helpValue: 'N',
    helpGroup: 'group',
  }),
}

/** What two of the flags understand, as a paragraph of the description. */
export const readerWords = `--match takes k:TEXT, v:TEXT and h:NAME=TEXT for a key, a value or a header that is exactly that; k~TEXT and v~TEXT for
one that holds it; k:/RE/, v:/RE/ and h:NAME=/RE/ for a pattern somewhere in it, with an i behind it in any case; k, v
and h:NAME for one that is there. An exclamation mark before it turns it round: '!v' finds tombstones.

--format takes ${formatLetters.map(([letters, meaning]) => `${letters} ${meaning}`).join(', ')}; \\n, \\t, \\r, \\0, \\xHH
and \\\\. A key or a value is written as the bytes that it is, unless --key or --value say otherwise; one that is null is
nothing. -o raw is --format '%v\\n'.`

export const readerArguments = {
  topics: argumentList({
    description: 'topics, or partitions of them: orders, orders:0,2-5; with --regex patterns of names',
    required: true,
  }),
}
