import { BaseCommand } from '../../lib/cli/base-command.ts'
import { outputFlags } from '../../lib/cli/flags.ts'
import { CheckFailed } from '../../lib/errors.ts'
import { backgroundFiles } from '../../lib/local/background-record.ts'
import { backgroundStatus } from '../../lib/local/background-status.ts'
import { liveFacts } from '../../lib/local/control/live-facts.ts'
import { backgroundRow, statusShape } from '../../lib/local/local-shape.ts'
import { item, type Result } from '../../lib/output/result.ts'

export class BrokerStatus extends BaseCommand {
  static override summary = 'Tell whether the local broker runs in the background, where, and on what.'

  static override description = [
    'It tells topics, groups, who is connected, how much is asked and answered per second, over the last ten seconds, the',
    'requests since the start by API, and how many rules have it fail. The exit code is 3 where it does not run, or does not answer.',
  ].join(' ')

  static override examples = ['<%= config.bin %> broker status', '<%= config.bin %> broker status -o name']

  static override flags = outputFlags(statusShape)

  async run(): Promise<Result> {
    await this.parse(BrokerStatus)
    const files = backgroundFiles(this.surroundings)
    const world = { ...this.surroundings, ...(await this.surroundings.world()) }
    const status = await backgroundStatus(files, world)
    const { state, record } = status
    const live = state === 'running' && record ? await liveFacts(record.dataDir, world) : undefined
    const row = backgroundRow(status, files.log, live)
    if (status.state === 'running') return item(statusShape, row)
    const [code, message] =
      status.state === 'stopped'
        ? ['broker-stopped', 'no local broker runs in the background']
        : ['broker-silent', `a process of that number lives, and nobody answers at ${row.bootstrap}`]
    const trouble = new CheckFailed(code, message, { hint: 'ktool broker start starts it' })
    return item(statusShape, row, { trouble })
  }
}
