import { argumentList } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { contextShape } from '../../lib/cli/context-shape.ts'
import { outputFlags } from '../../lib/cli/flags.ts'
import { type ContextRow, contextRow } from '../../lib/config/context-row.ts'
import { contextNamed, contextsFile, dropContext, readContexts } from '../../lib/config/contexts.ts'
import { KtoolError } from '../../lib/errors.ts'
import { outcomes, type Result } from '../../lib/output/result.ts'

export class ContextDelete extends BaseCommand {
  static override summary = 'Delete contexts.'

  static override description =
    'Nothing happens to their clusters. Where the current one goes, none is current until another one is chosen.'

  static override examples = ['<%= config.bin %> context delete old-staging']

  static override args = { context: argumentList({ description: 'their names', required: true }) }

  static override flags = { ...outputFlags(contextShape) }

  async run(): Promise<Result> {
    const { args } = await this.parse(ContextDelete)
    const { disk } = this.surroundings
    const path = contextsFile(this.surroundings)
    const results: { item: string; outcome: ContextRow | KtoolError }[] = []
    for (const name of args.context ?? []) {
      const known = readContexts(disk, path)
      const row = rowOrError(() => contextRow(known, name, contextNamed(known, name)))
      if (!(row instanceof KtoolError)) await dropContext(disk, path, name)
      results.push({ item: name, outcome: row })
    }
    const { current } = readContexts(disk, path)
    const notes = current === undefined ? ['no context is the current one now: ktool context use NAME'] : []
    return outcomes(contextShape, results, { notes })
  }
}

function rowOrError(make: () => ContextRow): ContextRow | KtoolError {
  try {
    return make()
  } catch (error) {
    if (error instanceof KtoolError) return error
    throw error
  }
}
