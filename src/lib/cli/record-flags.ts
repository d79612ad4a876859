import { isolations } from '../model/records.ts'
import { serdeFormats } from '../serde/formats.ts'
import { argumentList } from './arguments.ts'
import { option, string } from './flags.ts'

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
}

/** For a command that shows what readers of topics get. */
export const readerFlags = {
  isolation: option({
    options: isolations,
    default: 'uncommitted' as const,
    summary: 'With committed, leave out the records of transactions that are open or were aborted.',
    helpValue: 'ISOLATION',
  })(),
  ...serdeFlags,
}

export const readerArguments = {
  topics: argumentList({
    description: 'topics, or partitions of them: orders, orders:0,2-5',
    required: true,
  }),
}
