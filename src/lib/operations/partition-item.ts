import { DataError } from '../errors.ts'
import type { TopicPartition } from '../model/groups.ts'
import { isPlanObject, type PlanValue } from '../model/plan.ts'

const MAX_INT = 2 ** 31 - 1

/** `orders:3`; a plan out of a file may say anything, and a number beyond the wire's would be another one there. */
export function partitionOf(item: string): TopicPartition {
  const [, topic, digits] = /^([^:]+):(\d{1,10})$/.exec(item) ?? []
  const partition = Number(digits)
  if (topic === undefined || !isId(partition)) throw malformed(`"${item}" is no partition of a topic`, item)
  return { topic, partition }
}

/** One end of a step that moves replicas. */
export interface Placement {
  readonly replicas: readonly number[]
  /** One for each replica, `any` where it is the broker's to choose; null where none is named. */
  readonly logDirs: readonly string[] | null
}

export const ANY_LOG_DIR = 'any'

/** Brokers alone, `[1,2]`; or with their directories, `{replicas, logDirs}`. */
export function placementOf(value: PlanValue): Placement {
  if (!isPlanObject(value) || !('logDirs' in value)) return { replicas: listOf(value), logDirs: null }
  const { replicas = null, logDirs } = value
  const ids = listOf(replicas)
  if (!Array.isArray(logDirs) || logDirs.length !== ids.length || !logDirs.every(isPath)) {
    throw malformed(`${JSON.stringify(value).slice(0, 100)} has not one directory for each replica`, value)
  }
  return { replicas: ids, logDirs }
}

export function placementValue({ replicas, logDirs }: Placement): PlanValue {
  return logDirs === null ? replicas : { replicas, logDirs }
}

/** The directory that is named for the replica of a broker, if one is. */
export function logDirAt({ replicas, logDirs }: Placement, broker: number): string | undefined {
  const path = logDirs?.[replicas.indexOf(broker)]
  return path === ANY_LOG_DIR ? undefined : path
}

/** Of one end of a step that moves replicas. */
export function replicaList(value: PlanValue): readonly number[] {
  return placementOf(value).replicas
}

function isPath(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function listOf(value: PlanValue): readonly number[] {
  const isList = Array.isArray(value) && value.length > 0 && value.every(isId)
  if (isList && new Set(value).size === value.length) return value
  throw malformed(`${JSON.stringify(value).slice(0, 100)} is no list of different brokers`, value)
}

function isId(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_INT
}

function malformed(reason: string, value: PlanValue): DataError {
  return new DataError('malformed-plan', `the plan cannot be done: ${reason}`, {
    hint: 'make the plan anew',
    details: { value },
  })
}
