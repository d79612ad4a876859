import { argument } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { contextShape } from '../../lib/cli/context-shape.ts'
import { outputFlags } from '../../lib/cli/flags.ts'
import { contextRow } from '../../lib/config/context-row.ts'
import { contextNamed, contextsFile, makeCurrent, readContexts } from '../../lib/config/contexts.ts'
import { item, type Result } from '../../lib/output/result.ts'

export class ContextUse extends BaseCommand {
  static override summary = 'Make a context the one that commands mean.'

  static override description =
    'Until another one is chosen, wherever commands name no cluster themselves; -c NAME means one for a single command.'

  static override examples = ['<%= config.bin %> context use staging']

  static override args = { context: argument({ description: 'its name', required: true }) }

  static override flags = { ...outputFlags(contextShape) }

  async run(): Promise<Result> {
    const { args } = await this.parse(ContextUse)
    const { disk, environment } = this.surroundings
    const path = contextsFile(this.surroundings)
    await makeCurrent(disk, path, args.context)
    const known = readContexts(disk, path)
    const over = environment.KTOOL_CONTEXT ?? environment.KTOOL_BOOTSTRAP
    const notes = over === undefined ? [] : [`the environment names ${over}, which counts for more`]
    return item(contextShape, contextRow(known, args.context, contextNamed(known, args.context)), { notes })
  }
}
