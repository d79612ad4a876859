import { BaseCommand } from '../../lib/cli/base-command.ts'
import { duration, outputFlags } from '../../lib/cli/flags.ts'
import { backgroundFiles } from '../../lib/local/background-record.ts'
import { backgroundRow, backgroundShape } from '../../lib/local/local-shape.ts'
import { stopBackground } from '../../lib/local/stop-background.ts'
import { item, type Result } from '../../lib/output/result.ts'

const PATIENCE_MS = 30_000

export class BrokerStop extends BaseCommand {
  static override summary = 'Stop the local broker in the background, and return once it has stopped.'

  static override description =
    'What it has acknowledged is there when it starts again. Where none runs, there is nothing to stop, and that is no error.'

  static override examples = ['<%= config.bin %> broker stop']

  static override flags = {
    timeout: duration({ summary: 'How long to wait until it has stopped; 30s if not said.' }),
    ...outputFlags(backgroundShape),
  }

  async run(): Promise<Result> {
    const { flags } = await this.parse(BrokerStop)
    const world = { ...this.surroundings, ...(await this.surroundings.world()) }
    const { state, record } = await stopBackground(flags.timeout ?? PATIENCE_MS, world)
    const row = backgroundRow({ state: 'stopped', record }, backgroundFiles(this.surroundings).log)
    return item(backgroundShape, row, { notes: state === 'stopped' ? ['none was running'] : [] })
  }
}
