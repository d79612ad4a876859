import { argument } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { integer, outputFlags } from '../../lib/cli/flags.ts'
import { list, type Result } from '../../lib/output/result.ts'
import { column, type Shape } from '../../lib/output/shape.ts'
import { documentByName, type FieldDocument } from '../../lib/protocol/document.ts'

const shape: Shape<FieldDocument> = {
  version: 1,
  columns: [
    column('path', { header: 'FIELD' }),
    column('depth', { kind: 'number', isInTable: false }),
    column('name', { isInTable: false }),
    column('type'),
    column('versions'),
    column('nullable'),
    column('default'),
    column('tag', { kind: 'number' }),
    column('ignorable', { isInTable: false }),
    column('about', { folds: true }),
  ],
}

export class ProtocolDocs extends BaseCommand {
  static override summary = "Describe a message of Kafka's protocol, field by field."

  static override description = [
    'For an API: its request and response, in which versions each field exists and may be null, its default, and its',
    'tag if it is a tagged field; in which version the header changes, and what brokers of several releases say they',
    "speak. Records of Kafka's own logs (OffsetCommitValue, PartitionRecord …), RequestHeader and ResponseHeader have",
    'pages too.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> protocol docs Metadata',
    {
      description: 'Only what version 4 has',
      command: '<%= config.bin %> protocol docs Metadata --version 4',
    },
    '<%= config.bin %> protocol docs OffsetCommitValue -o json',
  ]

  static override args = { name: argument({ description: 'an API, a record or a header', required: true }) }

  static override flags = {
    version: integer({ min: 0, summary: 'Only the fields of this version.' }),
    ...outputFlags(shape),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(ProtocolDocs)
    return list(shape, documentByName(args.name, flags.version))
  }
}
