import { BaseCommand } from '../../lib/cli/base-command.ts'
import { outputFlags } from '../../lib/cli/flags.ts'
import { placeFlags } from '../../lib/cli/place-flags.ts'
import type { Cluster, ClusterDirectory, ClusterNode } from '../../lib/model/cluster.ts'
import { served } from '../../lib/model/views.ts'
import { item, type Result } from '../../lib/output/result.ts'
import { column, computed, type Shape } from '../../lib/output/shape.ts'
import { openPlace } from '../../lib/places/open-place.ts'
import { formatSize } from '../../lib/values/sizes.ts'

const shape: Shape<Cluster> = {
  version: 1,
  columns: [
    column('clusterId'),
    column('controller', { kind: 'number' }),
    column('metadataVersion'),
    column('metadataEnd', { kind: 'number' }),
    computed('features', ({ features }) => features, {
      shown: ({ features }) => Object.entries(features).map(([name, level]) => `${name}=${level}`),
      onePerLine: true,
    }),
    computed('nodes', ({ nodes }) => nodes.map((node) => ({ ...node })), {
      shown: ({ nodes }) => nodes.map(nodeInWords),
      onePerLine: true,
    }),
    computed(
      'directories',
      ({ directories }) => directories?.map((directory) => ({ ...directory })) ?? null,
      {
        shown: ({ directories }) => directories?.map(directoryInWords) ?? 'see ktool cluster log-dirs',
        onePerLine: true,
      },
    ),
  ],
}

export class ClusterDescribe extends BaseCommand {
  static override summary = 'Describe a cluster: its id, nodes, features and log directories.'

  static override description = [
    'Its brokers and controllers, who leads the metadata quorum, and the levels of its features. METADATA END is how',
    'far the metadata is replicated. Of log directories it is told from a disk; `ktool cluster log-dirs` asks brokers.',
    '\n\nOn a disk there are the nodes as they last registered, where the metadata log is among the directories; without',
    'it, those that the directories belong to. METADATA END is the offset up to which that log is known.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> cluster describe -b kafka1:9092',
    '<%= config.bin %> cluster describe --log-dir /var/lib/kafka/data',
    {
      description: 'Where each node listened',
      command: "<%= config.bin %> cluster describe --log-dir DIR -o json | jq '.nodes[] | {id, listeners}'",
    },
  ]

  static override flags = { ...placeFlags, ...outputFlags(shape) }

  async run(): Promise<Result> {
    const { flags } = await this.parse(ClusterDescribe)
    const place = await openPlace(flags, this.surroundings)
    const cluster = await served(place.cluster).describe()
    const trouble = place.trouble()
    return item(shape, cluster, { notes: place.notes(), unread: place.unread(), ...(trouble && { trouble }) })
  }
}

function nodeInWords({ id, roles, listeners, rack, isFenced }: ClusterNode): string {
  const facts = [
    roles.join(' and '),
    listeners.join(' '),
    rack === null ? '' : `in rack ${rack}`,
    isFenced === true ? 'fenced' : '',
  ]
  return `${id}: ${facts.filter((fact) => fact !== '').join(', ') || 'not known'}`
}

function directoryInWords(directory: ClusterDirectory): string {
  const { path, node, partitionCount, sizeBytes, isCleanShutdown } = directory
  const whose = node === null ? '' : ` of node ${node}`
  const end = isCleanShutdown === true ? 'stopped well' : 'live, or not stopped well'
  return `${path}${whose}, ${partitionCount} partitions, ${formatSize(sizeBytes)}, ${end}`
}
