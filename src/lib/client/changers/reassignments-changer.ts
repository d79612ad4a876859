import { KtoolError } from '../../errors.ts'
import type { Outcome } from '../../model/outcome.ts'
import { partitionName } from '../../model/partitions.ts'
import type { ReassignmentsChanger, ReassignmentTarget, ThrottleEdit } from '../../model/reassignments.ts'
import { pause } from '../../ports/pause.ts'
import type { AnswerOf } from '../../protocol/api.ts'
import { alterPartitionReassignments } from '../../protocol/apis/alter-partition-reassignments.ts'
import { incrementalAlterConfigs } from '../../protocol/apis/incremental-alter-configs.ts'
import { brokerError } from '../broker-error.ts'
import type { Cluster } from '../cluster.ts'
import { resourceTypes } from '../configs/describe-configs.ts'
import type { Connection } from '../connection/connection.ts'

import { askController } from '../routing/ask-controller.ts'
import { groupedByTopic } from '../routing/topic-groups.ts'
import { placeInLogDirs } from './log-dir-changes.ts'

/** The wire's numbers of what is done to a config. */
const operations: Readonly<Record<ThrottleEdit['edit'], number>> = { set: 0, unset: 1, add: 2, take: 3 }

/** Reassignments of a live cluster. */
export function reassignmentsChanger(cluster: Cluster): ReassignmentsChanger {
  return {
    reassign: (targets) => reassign(cluster, targets),
    placeInLogDirs: (targets) => placeInLogDirs(cluster, targets),
    throttle: async (edits) => {
      const outcomes = await Promise.all([...byResource(edits).values()].map((own) => throttle(cluster, own)))
      const told = new Map(outcomes.flat().map((each) => [each.edit, each.outcome]))
      return edits.map((edit) => ({ item: `${edit.resource} ${edit.name}`, outcome: told.get(edit) ?? null }))
    },
    rest: async (forMs, signal) => {
      await pause(cluster.world.clock, forMs, signal)
      cluster.deadline.renew()
    },
    nowMs: () => cluster.world.clock.monotonicMs(),
  }
}

async function reassign(cluster: Cluster, targets: readonly ReassignmentTarget[]): Promise<Outcome<null>[]> {
  const topics = [...groupedByTopic(targets)].map(([name, own]) => ({
    name,
    partitions: own.map(({ partition, replicas }) => ({
      partitionIndex: partition,
      replicas: replicas === null ? null : [...replicas],
    })),
  }))
  const question = { timeoutMs: cluster.deadline.patienceMs(), topics }
  const answer = await askController(cluster, alterPartitionReassignments, question, errorsOf)
  const whole = answer.errorCode === 0 ? undefined : brokerError(answer.errorCode, answer.errorMessage)
  const told = new Map(
    answer.responses.flatMap(({ name, partitions }) =>
      partitions.map(
        (each) => [partitionName({ topic: name, partition: each.partitionIndex }), each] as const,
      ),
    ),
  )
  return targets.map((target) => {
    const item = partitionName(target)
    return { item, outcome: whole ?? outcomeOf(told.get(item)) }
  })
}

type Told = AnswerOf<typeof alterPartitionReassignments>['responses'][number]['partitions'][number]

function outcomeOf(told: Told | undefined): KtoolError | null {
  return told === undefined || told.errorCode === 0 ? null : brokerError(told.errorCode, told.errorMessage)
}

function errorsOf({ errorCode, responses }: AnswerOf<typeof alterPartitionReassignments>): number[] {
  return [errorCode, ...responses.flatMap(({ partitions }) => partitions.map((each) => each.errorCode))]
}

function byResource(edits: readonly ThrottleEdit[]): Map<string, ThrottleEdit[]> {
  const resources = new Map<string, ThrottleEdit[]>()
  for (const edit of edits) {
    const key = `${edit.type} ${edit.resource}`
    const own = resources.get(key)
    if (own === undefined) resources.set(key, [edit])
    else own.push(edit)
  }
  return resources
}

interface EditOutcome {
  readonly edit: ThrottleEdit
  readonly outcome: KtoolError | null
}

/** Edits of one resource, in one request. A dead broker fails alone: it copies nothing. */
async function throttle(cluster: Cluster, edits: readonly ThrottleEdit[]): Promise<EditOutcome[]> {
  const [first] = edits
  if (first === undefined) return []
  try {
    const resource = {
      resourceType: first.type === 'brokers' ? resourceTypes.broker : resourceTypes.topic,
      resourceName: first.resource,
      configs: edits.map(({ name, edit, value }) => ({
        name,
        configOperation: operations[edit],
        value: edit === 'unset' ? null : value,
      })),
    }
    const connection = await askedFor(cluster, first)
    const question = { resources: [resource], validateOnly: false }
    const { responses } = await cluster.askOf(connection, incrementalAlterConfigs, question)
    const [told] = responses
    const isDone = told === undefined || told.errorCode === 0
    const outcome = isDone ? null : brokerError(told.errorCode, told.errorMessage)
    return edits.map((edit) => ({ edit, outcome }))
  } catch (error) {
    if (!(error instanceof KtoolError)) throw error
    return edits.map((edit) => ({ edit, outcome: error }))
  }
}

/** A broker takes its own configs only from its own hand. */
function askedFor(cluster: Cluster, { type, resource }: ThrottleEdit): Promise<Connection> {
  return type === 'brokers' ? cluster.broker(Number(resource)) : cluster.any()
}
