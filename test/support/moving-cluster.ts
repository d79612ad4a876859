import type { RequestOf } from '../../src/lib/protocol/api.ts'
import { alterPartitionReassignments } from '../../src/lib/protocol/apis/alter-partition-reassignments.ts'
import { alterReplicaLogDirs } from '../../src/lib/protocol/apis/alter-replica-log-dirs.ts'
import { describeConfigs } from '../../src/lib/protocol/apis/describe-configs.ts'
import { describeLogDirs } from '../../src/lib/protocol/apis/describe-log-dirs.ts'
import { electLeaders } from '../../src/lib/protocol/apis/elect-leaders.ts'
import { incrementalAlterConfigs } from '../../src/lib/protocol/apis/incremental-alter-configs.ts'
import { listPartitionReassignments } from '../../src/lib/protocol/apis/list-partition-reassignments.ts'
import { metadata } from '../../src/lib/protocol/apis/metadata.ts'
import { answers, HANG_UP, type ScriptedAnswer, type ScriptedPeer, scriptedPeer } from './scripted-peer.ts'

interface MovingPartition {
  leader: number
  replicas: number[]
  adding: number[]
  removing: number[]
  /** How often it is still asked for before it is there. */
  looksLeft: number
}

export interface MovingCluster extends AsyncDisposable {
  readonly peer: ScriptedPeer
  readonly partitions: MovingPartition[]
  /** By `type name key`. */
  readonly configs: Map<string, string>
  /** A move takes so many looks; it never ends if that is infinite. */
  looks: number
  /** The next request to move is not answered. */
  hangsUp: boolean
  /** Brokers that the cluster does not list any more. */
  readonly dead: Set<number>
  /** Who leads after an election, if not the first replica. */
  elected: number | undefined
  /** What a config is set to stays. */
  keepsConfigs: boolean
  /** Of a cluster with disks: what lies where, by `partition@broker`. */
  readonly lying: Map<string, LyingReplica>
  /** Every request that names a directory, as `broker partition directory`. */
  readonly placed: string[]
  /** Disks that have failed, as `broker directory`. */
  readonly failed: Set<string>
  /** Those to which nothing may come, as `broker directory`. */
  readonly cordoned: Set<string>
}

interface LyingReplica {
  logDir: string
  future: string | null
  /** How often it is still looked at before it is there. */
  looksLeft: number
}

/** The directories of each broker of a cluster with disks. */
export const LOG_DIRS = ['/a', '/b', '/c']

/**
 * Four brokers behind one port, one topic, and a controller that moves replicas while it is looked at. With disks each
 * broker has a port of its own, and three directories.
 */
export async function movingCluster(
  replicas: readonly (readonly number[])[],
  { hasDisks = false } = {},
): Promise<MovingCluster> {
  const partitions = replicas.map((each) => ({
    leader: each[0] ?? -1,
    replicas: [...each],
    adding: [] as number[],
    removing: [] as number[],
    looksLeft: 0,
  }))
  const configs = new Map<string, string>()
  const cluster = {
    partitions,
    configs,
    looks: 1,
    hangsUp: false,
    dead: new Set<number>(),
    keepsConfigs: false,
    elected: undefined as number | undefined,
    lying: new Map<string, LyingReplica>(),
    placed: [] as string[],
    failed: new Set<string>(),
    cordoned: new Set<string>(),
  }
  const disks = movingDisks(cluster)
  for (const [i, each] of partitions.entries()) for (const id of each.replicas) disks.create(i, id)
  const table = (nodeId: number): ScriptedAnswer[] => [
    answers(metadata, () => ({
      brokers: brokers(),
      clusterId: 'scripted',
      controllerId: 1,
      topics: [{ name: 'orders', errorCode: 0, partitions: partitions.map(described) }],
    })),
    answers(listPartitionReassignments, ({ topics }) => ({
      ...{ errorCode: 0, errorMessage: null },
      topics: underWay(topics?.flatMap(({ partitionIndexes }) => partitionIndexes)),
    })),
    answers(alterPartitionReassignments, ({ topics }) => {
      if (cluster.hangsUp) return HANG_UP
      const responses = topics.map(({ name, partitions: own }) => ({
        name,
        partitions: own.map(({ partitionIndex, replicas: target }) => ({
          partitionIndex,
          errorCode: begin(partitionIndex, target),
          errorMessage: null,
        })),
      }))
      return { errorCode: 0, errorMessage: null, responses }
    }),
    answers(describeLogDirs, () => ({
      errorCode: 0,
      results: hasDisks ? disks.told(nodeId) : [directory()],
    })),
    answers(alterReplicaLogDirs, ({ dirs }) => disks.place(nodeId, dirs)),
    answers(describeConfigs, ({ resources }) => ({
      results: resources.map(({ resourceType, resourceName, configurationKeys }) => ({
        ...{ errorCode: 0, errorMessage: null, resourceType, resourceName },
        configs: (configurationKeys ?? []).flatMap((name) => config(resourceType, resourceName, name)),
      })),
    })),
    answers(incrementalAlterConfigs, ({ resources }) => ({
      responses: resources.map(({ resourceType, resourceName, configs: changes }) => {
        const isRefused =
          cluster.keepsConfigs && changes.some(({ configOperation }) => configOperation % 2 === 1)
        if (isRefused) return { errorCode: 42, errorMessage: 'not now', resourceType, resourceName }
        for (const change of changes) alter(`${resourceType} ${resourceName} ${change.name}`, change)
        return { errorCode: 0, errorMessage: null, resourceType, resourceName }
      }),
    })),
    answers(electLeaders, ({ topicPartitions }) => ({
      errorCode: 0,
      replicaElectionResults: (topicPartitions ?? []).map(({ topic, partitions: own }) => ({
        topic,
        partitionResult: own.map((partitionId) => ({
          partitionId,
          errorCode: elect(partitionId),
          errorMessage: null,
        })),
      })),
    })),
  ]
  const peer: ScriptedPeer = await scriptedPeer(table(1))
  const more: ScriptedPeer[] = hasDisks
    ? await Promise.all([2, 3, 4].map((nodeId) => scriptedPeer(table(nodeId))))
    : []
  const portOf = (nodeId: number) => more[nodeId - 2]?.port ?? peer.port

  const brokers = () =>
    [1, 2, 3, 4]
      .filter((nodeId) => !cluster.dead.has(nodeId))
      .map((nodeId) => ({ nodeId, host: '127.0.0.1', port: portOf(nodeId), rack: null }))

  const described = ({ leader, replicas: own }: MovingPartition, partitionIndex: number) => ({
    ...{ errorCode: 0, partitionIndex, leaderId: leader, leaderEpoch: 1 },
    ...{ replicaNodes: own, isrNodes: own, offlineReplicas: [] },
  })

  function underWay(asked?: readonly number[]) {
    const moving = partitions.flatMap((each, partitionIndex) => {
      if (!isMoving(each) || asked?.includes(partitionIndex) === false) return []
      if (each.looksLeft <= 0) {
        for (const id of each.removing) cluster.lying.delete(`${partitionIndex}@${id}`)
        return finish(each)
      }
      each.looksLeft -= 1
      return [
        {
          partitionIndex,
          replicas: each.replicas,
          addingReplicas: each.adding,
          removingReplicas: each.removing,
        },
      ]
    })
    return moving.length === 0 ? [] : [{ name: 'orders', partitions: moving }]
  }

  /** NO_REASSIGNMENT_IN_PROGRESS is 85. */
  function begin(index: number, target: readonly number[] | null): number {
    const each = partitions[index]
    if (each === undefined) return 3
    if (target === null && !isMoving(each)) return 85
    const origin = each.replicas.filter((id) => !each.adding.includes(id))
    const wanted = target ?? origin
    each.adding = wanted.filter((id) => !origin.includes(id))
    each.removing = origin.filter((id) => !wanted.includes(id))
    each.replicas = [...wanted, ...each.removing]
    each.looksLeft = target === null ? 0 : cluster.looks
    for (const id of each.adding) disks.create(index, id)
    return 0
  }

  function config(type: number, resource: string, name: string) {
    const value = configs.get(`${type} ${resource} ${name}`)
    const set = { readOnly: false, isSensitive: false, configSource: type === 2 ? 1 : 2, synonyms: [] }
    return value === undefined ? [] : [{ name, value, ...set }]
  }

  function alter(
    key: string,
    { configOperation, value }: { configOperation: number; value: string | null },
  ): void {
    const entries = (configs.get(key) ?? '').split(',').filter((entry) => entry !== '')
    const given = (value ?? '').split(',')
    if (configOperation === 1) configs.delete(key)
    else if (configOperation === 0) configs.set(key, value ?? '')
    else if (configOperation === 2) configs.set(key, [...entries, ...given].join(','))
    else configs.set(key, entries.filter((entry) => !given.includes(entry)).join(','))
  }

  /** ELECTION_NOT_NEEDED is 84. */
  function elect(index: number): number {
    const each = partitions[index]
    const [first] = each?.replicas ?? []
    if (each === undefined || first === undefined) return 3
    if (each.leader === first) return 84
    each.leader = cluster.elected ?? first
    return 0
  }

  const directory = () => ({
    ...{ errorCode: 0, logDir: '/data' },
    topics: [
      {
        name: 'orders',
        partitions: partitions.map((_, partitionIndex) => ({
          ...{ partitionIndex, partitionSize: 1000n, offsetLag: 0n, isFutureKey: false },
        })),
      },
    ],
  })

  return Object.assign(cluster, {
    peer,
    [Symbol.asyncDispose]: async () => {
      for (const each of [peer, ...more]) await each[Symbol.asyncDispose]()
    },
  })
}

type PlacedDirs = RequestOf<typeof alterReplicaLogDirs>['dirs']

/** The disks of all brokers, as Kafka has them: who has no replica yet remembers the directory for it. */
function movingDisks(cluster: Pick<MovingCluster, 'lying' | 'placed' | 'failed' | 'cordoned' | 'looks'>) {
  const preferred = new Map<string, string>()
  /** LOG_DIR_NOT_FOUND is 57, KAFKA_STORAGE_ERROR 56, REPLICA_NOT_AVAILABLE 9. */
  const placeOne = (nodeId: number, path: string, index: number): number => {
    cluster.placed.push(`${nodeId} ${index} ${path}`)
    if (!LOG_DIRS.includes(path)) return 57
    if (cluster.failed.has(`${nodeId} ${path}`)) return 56
    const replica = cluster.lying.get(`${index}@${nodeId}`)
    if (replica === undefined) preferred.set(`${index}@${nodeId}`, path)
    else if (replica.logDir === path) replica.future = null
    else Object.assign(replica, { future: path, looksLeft: cluster.looks })
    return replica === undefined ? 9 : 0
  }
  const told = (nodeId: number, logDir: string) => {
    const facts = { partitionSize: 1000n, offsetLag: 0n }
    const partitions = [...cluster.lying].flatMap(([key, replica]) => {
      const [partitionIndex = 0, id] = key.split('@').map(Number)
      if (id !== nodeId) return []
      const own = replica.logDir === logDir ? [{ ...facts, partitionIndex, isFutureKey: false }] : []
      if (replica.future !== logDir) return own
      return [...own, { ...facts, partitionSize: 400n, partitionIndex, isFutureKey: true }]
    })
    const isCordoned = cluster.cordoned.has(`${nodeId} ${logDir}`)
    return { errorCode: 0, logDir, isCordoned, topics: [{ name: 'orders', partitions }] }
  }
  const goOn = (nodeId: number) => {
    for (const [key, replica] of cluster.lying) {
      if (!key.endsWith(`@${nodeId}`) || replica.future === null) continue
      if (replica.looksLeft <= 0) Object.assign(replica, { logDir: replica.future, future: null })
      replica.looksLeft -= 1
    }
  }
  return {
    create: (index: number, nodeId: number) => {
      const logDir = preferred.get(`${index}@${nodeId}`) ?? '/a'
      cluster.lying.set(`${index}@${nodeId}`, { logDir, future: null, looksLeft: 0 })
    },
    place: (nodeId: number, dirs: PlacedDirs) => ({
      results: dirs.flatMap(({ path, topics }) =>
        topics.map(({ name, partitions }) => ({
          topicName: name,
          partitions: partitions.map((partitionIndex) => ({
            partitionIndex,
            errorCode: placeOne(nodeId, path, partitionIndex),
          })),
        })),
      ),
    }),
    told: (nodeId: number) => {
      goOn(nodeId)
      return LOG_DIRS.map((logDir) =>
        cluster.failed.has(`${nodeId} ${logDir}`)
          ? { errorCode: 56, logDir, topics: [] }
          : told(nodeId, logDir),
      )
    },
  }
}

function isMoving({ adding, removing }: MovingPartition): boolean {
  return adding.length > 0 || removing.length > 0
}

function finish(each: MovingPartition): [] {
  each.replicas = each.replicas.filter((id) => !each.removing.includes(id))
  each.adding = []
  each.removing = []
  return []
}
