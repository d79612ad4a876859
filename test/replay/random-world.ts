import type { Json } from './messages.ts'

export type Draw = () => number

/** What the random requests of one run talk about. */
export interface World {
  readonly topics: readonly string[]
  /** A topic of which nobody knows, unless a request happened to make it. */
  readonly missing: string
  readonly internalTopics: readonly string[]
  readonly topicIds: string[]
  readonly groups: readonly string[]
  readonly memberIds: string[]
  readonly transactionalIds: readonly string[]
  readonly producers: { producerId: number; producerEpoch: number }[]
  readonly sessionIds: number[]
  readonly nowMs: number
}

export function pick<T>(draw: Draw, from: readonly T[]): T {
  return from[Math.floor(draw() * from.length)] as T
}

/** What a field may say. */
export type Words = (world: World, draw: Draw) => readonly Json[]
