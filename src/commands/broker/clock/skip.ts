import { argument } from '../../../lib/cli/arguments.ts'
import { BaseCommand } from '../../../lib/cli/base-command.ts'
import { controlFlags } from '../../../lib/cli/control-flags.ts'
import { outputFlags } from '../../../lib/cli/flags.ts'
import { clockShape } from '../../../lib/local/control/clock-shape.ts'
import { skipClock } from '../../../lib/local/control/controlled.ts'
import { item, type Result } from '../../../lib/output/result.ts'

export class BrokerClockSkip extends BaseCommand {
  static override summary =
    'Take the time of the local broker forward: what waits for a time until then happens at once.'

  static override description = [
    'Retention deletes, members of groups that were not heard of since are expired, transactions that took too long are',
    'aborted, connections that idle are closed, each once, what is due first comes first. Time goes forward only; the',
    'broker has the time of the machine again when it starts anew, and clients have it all along: what they stamp is old.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> broker clock skip 7d',
    '<%= config.bin %> broker clock skip 45s',
  ]

  static override args = {
    by: argument({ description: 'by how much, such as 45s, 1h30m or 7d', required: true }),
  }

  static override flags = { ...controlFlags, ...outputFlags(clockShape) }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(BrokerClockSkip)
    const world = { ...this.surroundings, ...(await this.surroundings.world()) }
    return item(clockShape, await skipClock(flags['data-dir'], args.by, world))
  }
}
