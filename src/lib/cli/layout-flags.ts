import { boolean, integer, option, string } from '@oclif/core/flags'
import { UsageError } from '../errors.ts'
import type { Format } from '../output/formats.ts'

/** For a command that is told which layout bytes have. */
export const layoutFlags = {
  api: string({
    summary: 'Name of the API; see `ktool protocol apis`.',
    helpValue: 'NAME',
    helpGroup: 'layout',
  }),
  type: option({
    options: ['request', 'response'] as const,
    summary: 'Which of its two messages.',
    helpGroup: 'layout',
  })(),
  record: string({
    summary: "Name of a record of Kafka's own logs instead, such as OffsetCommitValue.",
    helpValue: 'NAME',
    helpGroup: 'layout',
    exclusive: ['api', 'type', 'header'],
  }),
  version: integer({
    min: 0,
    summary: 'Version of the message or record.',
    helpValue: 'N',
    helpGroup: 'layout',
  }),
  header: boolean({
    summary: 'The header of the request or response stands in front; its version follows from the API’s.',
    helpGroup: 'layout',
  }),
  lines: boolean({
    summary: 'Answer JSON lines, each of which names its own layout.',
    helpGroup: 'layout',
    exclusive: ['api', 'type', 'record', 'version', 'header'],
  }),
}

/** A message has one form for people and scripts, and it is JSON; only a trace of it has rows. */
export function refuseUnlessJson(format: Format): void {
  if (format === 'table' || format === 'json' || format === 'jsonl') return
  throw new UsageError('no-such-format', `a message is printed as JSON, not as ${format}`, {
    hint: '--trace prints its bytes in any format',
  })
}
