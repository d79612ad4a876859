import { BaseCommand } from '../../lib/cli/base-command.ts'
import { outputFlags } from '../../lib/cli/flags.ts'
import { CheckFailed } from '../../lib/errors.ts'
import { backgroundFiles } from '../../lib/local/background-record.ts'
import { backgroundStatus } from '../../lib/local/background-status.ts'
import { backgroundRow, backgroundShape } from '../../lib/local/local-shape.ts'
import { item, type Result } from '../../lib/output/result.ts'

export class BrokerStatus extends BaseCommand {
  static override summary = 'Tell whether the local broker runs in the background, where, and on what.'

  static override description = 'The exit code is 3 where it does not run, or does not answer.'

  static override examples = ['<%= config.bin %> broker status', '<%= config.bin %> broker status -o name']

  static override flags = outputFlags(backgroundShape)

  async run(): Promise<Result> {
    await this.parse(BrokerStatus)
    const files = backgroundFiles(this.surroundings)
    const world = { ...this.surroundings, ...(await this.surroundings.world()) }
    const status = await backgroundStatus(files, world)
    const row = backgroundRow(status, files.log)
    if (status.state === 'running') return item(backgroundShape, row)
    const [code, message] =
      status.state === 'stopped'
        ? ['broker-stopped', 'no local broker runs in the background']
        : ['broker-silent', `a process of that number lives, and nobody answers at ${row.bootstrap}`]
    const trouble = new CheckFailed(code, message, { hint: 'ktool broker start starts it' })
    return item(backgroundShape, row, { trouble })
  }
}
