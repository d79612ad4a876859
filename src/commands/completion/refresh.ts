import { argument } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { clusterFlags } from '../../lib/cli/flags.ts'
import { served } from '../../lib/model/views.ts'
import { type Result, ran } from '../../lib/output/result.ts'
import { openPlace } from '../../lib/places/open-place.ts'
import { replaceText } from '../../lib/ports/replace-text.ts'

const PATIENCE_MS = 10_000

/** Runs behind the tab key: nobody sees it, and nobody waits for it. */
export class CompletionRefresh extends BaseCommand {
  static override hidden = true

  static override summary = 'Keep the names of topics and groups for the tab key.'

  static override args = { file: argument({ description: 'where to keep them', required: true }) }

  static override flags = { ...clusterFlags }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(CompletionRefresh)
    const place = await openPlace({ ...flags, timeout: flags.timeout ?? PATIENCE_MS }, this.surroundings)
    const [topics, groups] = await Promise.all([served(place.topics).list(), served(place.groups).list()])
    const names = {
      topics: topics.map(({ topic }) => topic),
      groups: groups.flatMap(({ item, outcome }) => (outcome instanceof Error ? [] : [item])),
    }
    await replaceText(this.surroundings.disk, args.file, JSON.stringify(names))
    return ran(0)
  }
}
