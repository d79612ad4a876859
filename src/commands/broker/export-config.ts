import { argumentList } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { localBrokerFlags } from '../../lib/cli/broker-flags.ts'
import { integer, option, outputFlags } from '../../lib/cli/flags.ts'
import { asServerProperties, type ExportedConfig, exportConfig } from '../../lib/local/export-config.ts'
import { directoriesOf } from '../../lib/local/local-row.ts'
import { item, type Result, raw } from '../../lib/output/result.ts'
import { column, type Shape } from '../../lib/output/shape.ts'

const shape: Shape<ExportedConfig> = {
  version: 1,
  columns: [
    column('dataDir', { header: 'DIRECTORY', shown: directoriesOf }),
    column('dataDirs', { isInTable: false, isInBlock: false, isOptional: true }),
    column('nodeId', { kind: 'number' }),
    column('clusterId'),
    column('metadataVersion'),
    column('kafka'),
    column('isCleanShutdown'),
    column('properties'),
    column('toDo'),
    column('commands'),
  ],
}

const { output, ...moreOutputFlags } = outputFlags(shape)

export class BrokerExportConfig extends BaseCommand {
  static override summary =
    'Print the server.properties with which Apache Kafka goes on with a local broker’s directory.'

  static override description = [
    'Topics, records, groups, transactions, ACLs, configs, users and quotas are in the directory already: Kafka starts on',
    'it, and there is nothing to format or to copy. The broker has to be stopped; nothing in the directory is changed.',
    'Kafka listens where the broker was to be reached, unless said otherwise. Settings that the broker was started with',
    'are said again with --config and -X; those that were changed while it ran are in the directory.',
    'Without -o it is the file, whose first lines say what to type.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> broker export-config > server.properties',
    '<%= config.bin %> broker export-config DIR --listen PLAINTEXT://0.0.0.0:9092 --advertise PLAINTEXT://HOST:9092',
  ]

  static override args = {
    directory: argumentList({
      description: 'the data directory, or all of them; if not said, that of the local broker',
    }),
  }

  static override flags = {
    listen: localBrokerFlags.listen,
    advertise: localBrokerFlags.advertise,
    'controller-port': integer({
      min: 1,
      max: 65_535,
      summary: 'Port on 127.0.0.1 at which Kafka talks to itself as controller; 9093 if not said.',
      helpValue: 'PORT',
    }),
    config: localBrokerFlags.config,
    set: localBrokerFlags.set,
    output: option({
      char: 'o',
      options: output.options ?? [],
      summary: `How to print, if not as server.properties: ${(output.options ?? []).join(', ')}.`,
      helpValue: 'FORMAT',
      helpGroup: 'output',
    })(),
    ...moreOutputFlags,
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(BrokerExportConfig)
    const { config, notes } = await exportConfig(args.directory ?? [], flags, this.surroundings)
    if (flags.output !== undefined) return item(shape, config, { notes })
    return raw(once(asServerProperties(config)), { notes })
  }
}

async function* once(bytes: string) {
  yield { bytes }
}
