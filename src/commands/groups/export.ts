import { argumentList } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { namedGroups, noGroups } from '../../lib/cli/commits-command.ts'
import { boolean, option, outputFlags, string } from '../../lib/cli/flags.ts'
import { placeFlags } from '../../lib/cli/place-flags.ts'
import { served } from '../../lib/model/views.ts'
import { type ExportedOffset, exportOffsets } from '../../lib/operations/export-offsets.ts'
import { offsetCsvLine } from '../../lib/operations/offset-csv.ts'
import { list, type Result, raw } from '../../lib/output/result.ts'
import { column, type Shape } from '../../lib/output/shape.ts'
import { openPlace } from '../../lib/places/open-place.ts'

const shape: Shape<ExportedOffset> = {
  version: 1,
  columns: [
    column('group'),
    column('topic'),
    column('partition', { kind: 'number' }),
    column('offset', { kind: 'number' }),
    column('leaderEpoch', { kind: 'number' }),
    column('metadata'),
  ],
}

const { output, ...moreOutputFlags } = outputFlags(shape)

export class GroupsExport extends BaseCommand {
  static override summary =
    'Write down what groups have committed, for groups import and for Kafka’s own tools.'

  static override description = [
    'Without -o it is the CSV that kafka-consumer-groups.sh writes with --export and reads with --from-file, to the letter:',
    'no header, and no group where there is only one. -o json and the others have the leader epoch and the metadata too.',
    'From log directories it is what the group had committed when the broker stopped.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> groups export billing -b kafka1:9092 > billing.csv',
    {
      description: 'From a dead broker to another cluster',
      command:
        '<%= config.bin %> groups export billing --log-dir DIR | <%= config.bin %> groups import - --group billing -b kafka2:9092',
    },
  ]

  static override args = {
    group: argumentList({ description: 'names of groups' }),
  }

  static override flags = {
    all: boolean({ summary: 'All groups that have committed something.' }),
    topic: string({
      multiple: true,
      multipleNonGreedy: true,
      summary: 'Only this topic; repeat it for more.',
      helpValue: 'TOPIC',
    }),
    output: option({
      char: 'o',
      options: output.options ?? [],
      summary: `How to print, if not as Kafka’s CSV: ${(output.options ?? []).join(', ')}.`,
      helpValue: 'FORMAT',
      helpGroup: 'output',
    })(),
    ...moreOutputFlags,
    ...placeFlags,
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(GroupsExport)
    const names = namedGroups(args.group, undefined)
    if (names.length === 0 && !flags.all) throw noGroups()
    const place = await openPlace(flags, this.surroundings)
    const groups = flags.all ? undefined : names
    const { rows, failures } = await exportOffsets(served(place.groups), groups, flags.topic)
    const remarks = { notes: place.notes(), unread: place.unread() }
    if (flags.output !== undefined) return list(shape, rows, { failures, ...remarks })
    const text = rows.map((row) => offsetCsvLine(row, names.length !== 1)).join('')
    return raw(once({ bytes: text, failures }), remarks)
  }
}

async function* once<T>(value: T): AsyncGenerator<T> {
  yield value
}
