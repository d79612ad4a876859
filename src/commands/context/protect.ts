import { argument } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { contextShape } from '../../lib/cli/context-shape.ts'
import { boolean, outputFlags } from '../../lib/cli/flags.ts'
import { contextRow } from '../../lib/config/context-row.ts'
import { contextsFile, readContexts, replaceContext } from '../../lib/config/contexts.ts'
import { item, type Result } from '../../lib/output/result.ts'

export class ContextProtect extends BaseCommand {
  static override summary = 'Let every change to a cluster ask for the name of its context.'

  static override description =
    'On a terminal the name is typed; in a script it is said as --confirm NAME. Commands that only read ask for nothing.'

  static override examples = [
    '<%= config.bin %> context protect prod',
    { description: 'No longer', command: '<%= config.bin %> context protect prod --off' },
  ]

  static override args = { context: argument({ description: 'its name', required: true }) }

  static override flags = {
    off: boolean({ summary: 'Take the protection away.' }),
    ...outputFlags(contextShape),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(ContextProtect)
    const { disk } = this.surroundings
    const path = contextsFile(this.surroundings)
    const context = await replaceContext(disk, path, args.context, ({ protected: _before, ...rest }) =>
      flags.off ? rest : { ...rest, protected: true },
    )
    return item(contextShape, contextRow(readContexts(disk, path), args.context, context))
  }
}
