import { argumentList } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { boolean, clusterFlags, outputFlags, string } from '../../lib/cli/flags.ts'
import type { LogDirReplica, LogDirState } from '../../lib/model/cluster-state.ts'
import { partitionName } from '../../lib/model/partitions.ts'
import { list, type Result } from '../../lib/output/result.ts'
import { column, computed, type Shape } from '../../lib/output/shape.ts'
import { openCluster } from '../../lib/places/open-cluster.ts'
import { parseBrokerIds } from '../../lib/values/broker-ids.ts'

const ofDirectory = { type: 'gauge', labels: ['broker', 'directory'] } as const

const shape: Shape<LogDirState> = {
  version: 1,
  metrics: [
    {
      ...ofDirectory,
      name: 'ktool_log_dir_size_bytes',
      help: 'What the replicas in a log directory take.',
      key: 'sizeBytes',
    },
    {
      ...ofDirectory,
      name: 'ktool_log_dir_volume_bytes',
      help: 'The size of its file system.',
      key: 'volumeBytes',
    },
    {
      ...ofDirectory,
      name: 'ktool_log_dir_free_bytes',
      help: 'What is free on its file system.',
      key: 'freeBytes',
    },
  ],
  name: ({ broker, directory }) => `${broker}:${directory}`,
  columns: [
    column('broker', { kind: 'number' }),
    column('directory'),
    computed('replicas', ({ replicaCount }) => replicaCount, { kind: 'number' }),
    computed('future', ({ futureCount }) => futureCount, { kind: 'number' }),
    column('sizeBytes', { kind: 'size' }),
    computed('volumeBytes', ({ totalBytes }) => totalBytes, { kind: 'size', header: 'VOLUME' }),
    computed('freeBytes', ({ usableBytes }) => usableBytes, { kind: 'size', header: 'FREE' }),
    computed('state', ({ error }) => (error === null ? 'online' : 'offline'), {
      colour: ({ error }) => (error === null ? undefined : 'red'),
    }),
    computed('cordoned', ({ isCordoned }) => isCordoned, { isInTable: false }),
    computed('reason', ({ error }) => error?.message ?? null, { isInTable: false }),
  ],
}

type ReplicaRow = Pick<LogDirState, 'broker' | 'directory'> & LogDirReplica

const replicaShape: Shape<ReplicaRow> = {
  version: 1,
  metrics: [
    {
      name: 'ktool_replica_size_bytes',
      type: 'gauge',
      help: 'What a replica takes.',
      key: 'sizeBytes',
      labels: ['broker', 'directory', 'topic', 'partition'],
    },
  ],
  name: partitionName,
  columns: [
    column('broker', { kind: 'number' }),
    column('directory'),
    column('topic'),
    column('partition', { kind: 'number' }),
    column('sizeBytes', { kind: 'size' }),
    column('offsetLag', { kind: 'number' }),
    computed('future', ({ isFuture }) => isFuture),
  ],
}

export class ClusterLogDirs extends BaseCommand {
  static override summary = 'List the log directories of brokers, with what lies in them.'

  static override description = [
    'SIZE is what the replicas take there, VOLUME and FREE are of the file system (Kafka 3.3 and later tell). FUTURE',
    'counts copies that are on their way from another directory of the broker. A directory that is offline, and a',
    'broker that does not answer, are failures: exit 1.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> cluster log-dirs -b kafka1:9092',
    {
      description: 'Every replica of one topic, and where it lies',
      command: '<%= config.bin %> cluster log-dirs --replicas --topic orders -c prod',
    },
    {
      description: 'The fullest volumes',
      command: "<%= config.bin %> cluster log-dirs -c prod -o json | jq '.items | sort_by(.freeBytes)[:3]'",
    },
  ]

  static override args = {
    brokers: argumentList({ description: 'ids of brokers; all if none is given' }),
  }

  static override flags = {
    replicas: boolean({ summary: 'A row for each replica.' }),
    topic: string({
      multiple: true,
      multipleNonGreedy: true,
      summary: 'Count what is of this topic alone; the flag for each.',
      helpValue: 'TOPIC',
    }),
    ...clusterFlags,
    ...outputFlags(shape),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(ClusterLogDirs)
    const brokers = args.brokers === undefined ? undefined : parseBrokerIds(args.brokers)
    const { state } = await openCluster(flags, this.surroundings)
    const { rows, failures } = await state.logDirs(brokers, flags.topic)
    const offline = rows.flatMap(({ broker, directory, error }) =>
      error === null ? [] : [{ item: `broker ${broker}: ${directory}`, error }],
    )
    const all = { failures: [...failures, ...offline] }
    if (!flags.replicas) return list(shape, rows, all)
    return list(replicaShape, rows.flatMap(replicasOf), { ...all, rowlessCount: rows.length })
  }
}

function replicasOf({ broker, directory, replicas }: LogDirState): ReplicaRow[] {
  return replicas.map((replica) => ({ broker, directory, ...replica }))
}
