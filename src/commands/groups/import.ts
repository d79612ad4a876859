import { changeCommits, planOfCommits } from '../../lib/changes/groups/commits.ts'
import { argument } from '../../lib/cli/arguments.ts'
import { CommitsCommand, resetViewsOf, scopeOf, takeOverFlags } from '../../lib/cli/commits-command.ts'
import { string } from '../../lib/cli/flags.ts'
import { readTextOf } from '../../lib/cli/read-file.ts'
import { UsageError } from '../../lib/errors.ts'
import { type FileOffset, parseOffsetFile } from '../../lib/operations/offset-files.ts'
import { planReset } from '../../lib/operations/plan-reset.ts'
import type { Result } from '../../lib/output/result.ts'
import { openCluster } from '../../lib/places/open-cluster.ts'

export class GroupsImport extends CommitsCommand {
  static override summary = 'Commit for groups what a file says, such as one that groups export has written.'

  static override description = [
    'It reads the CSV of Kafka’s own tools, with or without groups, what groups export has printed in csv, tsv or json, the',
    'JSON of kcl, and the text of rpk. Offsets outside of a log are moved to its nearer end, with a warning. Groups that are',
    'not there are made; those that are must have no members, as with groups reset.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> groups import offsets.csv --dry-run -b kafka1:9092',
    {
      description: 'A file that does not say the group',
      command: '<%= config.bin %> groups import billing.csv --group billing -b kafka1:9092',
    },
  ]

  static override args = {
    file: argument({ description: 'the file; - is stdin', required: true }),
  }

  static override flags = {
    group: string({
      multiple: true,
      multipleNonGreedy: true,
      summary: 'Only this group; the one that a file without groups is of. Repeat it for more.',
      helpValue: 'GROUP',
    }),
    ...takeOverFlags,
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(GroupsImport)
    const offsets = parseOffsetFile(await readTextOf(this.surroundings, args.file, 'offsets'))
    const groups = flags.group ?? groupsIn(offsets)
    const { views, changers, cluster } = await openCluster(flags, this.surroundings)
    const resetViews = resetViewsOf(views)
    return this.changeCommits(cluster, flags, changeCommits(changers.groups), async (origin) => {
      await this.waitForEmpty(changers.groups, groups, flags.wait)
      const question = { groups, scope: scopeOf(flags.topic), target: { kind: 'file' as const, offsets } }
      return planOfCommits(origin, await planReset(resetViews, question))
    })
  }
}

function groupsIn(offsets: readonly FileOffset[]): string[] {
  const groups = new Set(offsets.map(({ group }) => group))
  if (groups.has(null)) {
    throw new UsageError('group-not-said', 'the file does not say which group its offsets are of', {
      hint: 'name it: --group billing',
    })
  }
  return [...groups].filter((group) => group !== null)
}
