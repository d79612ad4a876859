import { argumentList } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { outputFlags, string } from '../../lib/cli/flags.ts'
import { outcomes, type Result } from '../../lib/output/result.ts'
import { column, type Shape } from '../../lib/output/shape.ts'
import { type ApiRow, apiRows } from '../../lib/protocol/api-table.ts'
import { releases } from '../../lib/protocol/releases.ts'

const shape: Shape<ApiRow> = {
  version: 1,
  name: ({ name }) => name,
  columns: [
    column('apiKey', { kind: 'number', header: 'KEY' }),
    column('name'),
    column('minVersion', { kind: 'number', header: 'MIN' }),
    column('maxVersion', { kind: 'number', header: 'MAX' }),
    column('dropped'),
    column('unstable', { kind: 'number' }),
    column('flexibleFrom', { kind: 'number' }),
    column('listeners'),
    column('advertised', { isInTable: false }),
  ],
}

export class ProtocolApis extends BaseCommand {
  static override summary = "List the APIs of Kafka's protocol, with the versions that each release speaks."

  static override description = [
    'Without --release, MIN and MAX are the versions that ktool speaks. Of those Kafka 4 has dropped the ones in',
    'DROPPED, and does not serve the one in UNSTABLE unless told to; from FLEXIBLE FROM on a message has tagged fields.',
    'With --release they are what a broker of that release answered when it was asked, and APIs that it does not have',
    'are left out.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> protocol apis',
    {
      description: 'What a broker of 2.3.1 says it speaks',
      command: '<%= config.bin %> protocol apis --release 2.3.1',
    },
    { description: 'One API, in every release', command: '<%= config.bin %> protocol apis Fetch -o json' },
  ]

  static override args = {
    api: argumentList({ description: 'names or keys of APIs; all of them if none is given' }),
  }

  static override flags = {
    release: string({ summary: `What a release advertises: ${releases.join(', ')}.`, helpValue: 'RELEASE' }),
    ...outputFlags(shape),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(ProtocolApis)
    return outcomes(shape, apiRows(args.api ?? [], flags.release))
  }
}
