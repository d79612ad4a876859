import { BaseCommand } from '../../lib/cli/base-command.ts'
import { boolean, integer } from '../../lib/cli/flags.ts'
import { backgroundFiles } from '../../lib/local/background-record.ts'
import { followLog } from '../../lib/local/follow-log.ts'
import { type Result, raw } from '../../lib/output/result.ts'

export class BrokerLogs extends BaseCommand {
  static override summary = 'Print the log of the local broker in the background.'

  static override description =
    'The log goes on where it was when the broker starts anew. A broker in the foreground says the same on stderr.'

  static override examples = ['<%= config.bin %> broker logs -n 20 --follow']

  static override flags = {
    lines: integer({
      char: 'n',
      min: 0,
      default: 100,
      summary: 'How many lines to print, counted from the end.',
      helpValue: 'COUNT',
    }),
    follow: boolean({ char: 'f', summary: 'Go on printing what it says, until Ctrl-C.' }),
  }

  async run(): Promise<Result> {
    const { flags } = await this.parse(BrokerLogs)
    const { log } = backgroundFiles(this.surroundings)
    const { disk, clock } = this.surroundings
    return raw(followLog(log, { lines: flags.lines, isFollowed: flags.follow }, { disk, clock }))
  }
}
