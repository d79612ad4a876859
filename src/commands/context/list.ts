import { BaseCommand } from '../../lib/cli/base-command.ts'
import { contextShape } from '../../lib/cli/context-shape.ts'
import { outputFlags } from '../../lib/cli/flags.ts'
import { contextRow } from '../../lib/config/context-row.ts'
import { contextsFile, readContexts } from '../../lib/config/contexts.ts'
import { list, type Result } from '../../lib/output/result.ts'

export class ContextList extends BaseCommand {
  static override summary = 'List the contexts: clusters that have a name here.'

  static override description = [
    'CURRENT is the one that commands mean where neither -b nor -c nor KTOOL_BOOTSTRAP or KTOOL_CONTEXT names another.',
    'CLUSTER is the id of the cluster that answered when the context was first used: where another one answers later, every command refuses.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> context list',
    { description: 'The names alone', command: '<%= config.bin %> context list -o name' },
  ]

  static override flags = { ...outputFlags(contextShape) }

  async run(): Promise<Result> {
    await this.parse(ContextList)
    const path = contextsFile(this.surroundings)
    const known = readContexts(this.surroundings.disk, path)
    const rows = Object.entries(known.contexts).map(([name, context]) => contextRow(known, name, context))
    const notes = rows.length === 0 ? ['there are none; make one: ktool context add NAME -b HOST:PORT'] : []
    return list(contextShape, rows, { notes })
  }
}
