import type { Int64 } from '../../../bytes/int64.ts'
import { TimelineMap } from '../../timeline-map.ts'
import type { CommittedOffset } from './group-record.ts'

/** By topic, then by partition; their tombstones are written in this order. */
export type GroupOffsets = ReadonlyMap<string, ReadonlyMap<number, CommittedOffset>>

export interface CommitPlace {
  readonly group: string
  readonly topic: string
  readonly partition: number
}

/** The order tells which of two commits was written later, as the log has them. */
type OrderedCommit = CommittedOffset & { readonly order: number }
type PlacedCommit = CommitPlace & { readonly commit: OrderedCommit }
type OfTopic = TimelineMap<OrderedCommit, number>

/**
 * The committed offsets of the groups of one partition, and those that open transactions are about to commit.
 * What a transaction wrote counts from its COMMIT marker on, unless a plain commit came after its record.
 */
export class CommittedOffsets {
  readonly #groups = new TimelineMap<TimelineMap<OfTopic>>()
  readonly #pending = new Map<Int64, Map<string, PlacedCommit>>()
  /** Producers with a pending commit, by place. */
  readonly #pendingProducers = new Map<string, Set<Int64>>()
  readonly #pendingByGroup = new Map<string, number>()
  #nextOrder = 0

  ofGroup(group: string): GroupOffsets | undefined {
    return this.#groups.get(group)
  }

  get(group: string, topic: string, partition: number): CommittedOffset | undefined {
    return this.#groups.get(group)?.get(topic)?.get(partition)
  }

  groups(): IterableIterator<string> {
    return this.#groups.keys()
  }

  isPending(group: string, topic: string, partition: number): boolean {
    return this.#pendingProducers.has(placeKey({ group, topic, partition }))
  }

  hasPending(group: string): boolean {
    return this.#pendingByGroup.has(group)
  }

  /** What open transactions are about to commit, of one group or of one topic. */
  *pendingPlaces(): Generator<CommitPlace> {
    for (const commits of this.#pending.values()) yield* commits.values()
  }

  put(place: CommitPlace, commit: CommittedOffset): void {
    this.#put({ ...place, commit: { ...commit, order: this.#nextOrder++ } })
  }

  putPending(producerId: number, place: CommitPlace, commit: CommittedOffset): void {
    const key = placeKey(place)
    const commits = this.#pending.get(producerId) ?? new Map<string, PlacedCommit>()
    this.#pending.set(producerId, commits)
    if (!commits.has(key)) this.#notePending(producerId, place)
    commits.set(key, { ...place, commit: { ...commit, order: this.#nextOrder++ } })
  }

  /** Takes the commit away, and with it what transactions were about to put in its place. */
  remove(place: CommitPlace): void {
    const topics = this.#groups.get(place.group)
    const partitions = topics?.get(place.topic)
    partitions?.delete(place.partition)
    if (partitions?.size === 0) topics?.delete(place.topic)
    if (topics?.size === 0) this.#groups.delete(place.group)
    const key = placeKey(place)
    for (const producerId of this.#pendingProducers.get(key) ?? []) this.#dropPending(producerId, key, place)
  }

  endTransaction(producerId: Int64, isCommit: boolean): void {
    const commits = this.#pending.get(producerId)
    if (commits === undefined) return
    for (const [key, placed] of [...commits]) {
      this.#dropPending(producerId, key, placed)
      if (isCommit) this.#putUnlessOlder(placed)
    }
  }

  #putUnlessOlder(placed: PlacedCommit): void {
    const existing = this.#groups.get(placed.group)?.get(placed.topic)?.get(placed.partition)
    if (existing === undefined || existing.order < placed.commit.order) this.#put(placed)
  }

  #put({ group, topic, partition, commit }: PlacedCommit): void {
    const topics = this.#groups.get(group) ?? new TimelineMap<OfTopic>()
    this.#groups.set(group, topics)
    const partitions = topics.get(topic) ?? new TimelineMap<OrderedCommit, number>()
    topics.set(topic, partitions)
    partitions.set(partition, commit)
  }

  #notePending(producerId: Int64, place: CommitPlace): void {
    const key = placeKey(place)
    const producers = this.#pendingProducers.get(key) ?? new Set<Int64>()
    this.#pendingProducers.set(key, producers.add(producerId))
    this.#pendingByGroup.set(place.group, (this.#pendingByGroup.get(place.group) ?? 0) + 1)
  }

  #dropPending(producerId: Int64, key: string, { group }: CommitPlace): void {
    const commits = this.#pending.get(producerId)
    if (commits?.delete(key) !== true) return
    if (commits.size === 0) this.#pending.delete(producerId)
    const producers = this.#pendingProducers.get(key)
    producers?.delete(producerId)
    if (producers?.size === 0) this.#pendingProducers.delete(key)
    const left = (this.#pendingByGroup.get(group) ?? 1) - 1
    if (left === 0) this.#pendingByGroup.delete(group)
    else this.#pendingByGroup.set(group, left)
  }
}

/** A group may be called anything; no topic's name holds a space. */
function placeKey({ group, topic, partition }: CommitPlace): string {
  return `${topic} ${partition} ${group}`
}
