import { optionalArgument } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { contextShape } from '../../lib/cli/context-shape.ts'
import { outputFlags } from '../../lib/cli/flags.ts'
import { contextRow } from '../../lib/config/context-row.ts'
import { contextNamed, contextsFile, readContexts } from '../../lib/config/contexts.ts'
import { FailedError } from '../../lib/errors.ts'
import { item, type Result } from '../../lib/output/result.ts'

export class ContextShow extends BaseCommand {
  static override summary = 'Show a context: the current one if none is named.'

  static override description = 'Of its properties the names are shown, since values may be secrets.'

  static override examples = ['<%= config.bin %> context show', '<%= config.bin %> context show prod -o json']

  static override args = { context: optionalArgument({ description: 'its name' }) }

  static override flags = { ...outputFlags(contextShape) }

  async run(): Promise<Result> {
    const { args } = await this.parse(ContextShow)
    const { disk, environment } = this.surroundings
    const path = contextsFile(this.surroundings)
    const known = readContexts(disk, path)
    const name = args.context ?? environment.KTOOL_CONTEXT ?? known.current
    if (name === undefined) throw noCurrent()
    return item(contextShape, contextRow(known, name, contextNamed(known, name)), { notes: [`from ${path}`] })
  }
}

function noCurrent(): FailedError {
  return new FailedError('no-current-context', 'no context is the current one', {
    hint: 'choose one: ktool context use NAME',
  })
}
