import { KtoolError } from '../../errors.ts'
import { partitionName } from '../../model/partitions.ts'
import type { Isolation, RecordsPart } from '../../model/records.ts'
import { pause } from '../../ports/pause.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { brokerError } from '../broker-error.ts'
import type { Cluster } from '../cluster.ts'
import { listOffsetsOf, placeTimestamps } from '../offsets/list-offsets.ts'
import { Refusal } from '../routing/refusal.ts'
import { topicMetadata } from '../routing/topic-metadata.ts'
import { askFetch, type Fetched, type FetchedPartition, MAX_WAIT_MS } from './ask-fetch.ts'
import type { FetchLane } from './fetch-lane.ts'
import { deletedMeanwhile, isWorthAnotherTry, lastWord, leftOut, shrunk, stuck } from './lane-troubles.ts'

/** What may wait, of one broker, for readers that have not come to it yet. */
const AHEAD_BYTES = 16 * 1024 * 1024
const LANES_AT_ONCE = 1000
const LONGEST_PATIENCE_MS = 30_000
const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 1000

/**
 * Fetches from all leaders at once, one question to each in flight while what came before is read. A lane whose leader
 * has moved or does not answer is tried again, until nothing has come for as long as the timeout says.
 */
export class RecordFetcher {
  readonly #cluster: Cluster
  readonly #isolation: Isolation
  readonly #lanes = new Set<FetchLane>()
  readonly #busy = new Set<number>()
  #isRouting = false
  #served = 0
  /** Something that should never happen, for the next reader to tell. */
  #bug: unknown

  constructor(cluster: Cluster, isolation: Isolation) {
    this.#cluster = cluster
    this.#isolation = isolation
  }

  /** From now on it is fetched ahead whenever somebody reads, from here or elsewhere. */
  add(lane: FetchLane): AsyncIterable<RecordsPart> {
    this.#lanes.add(lane)
    return this.#read(lane)
  }

  async *#read(lane: FetchLane): AsyncGenerator<RecordsPart, void, undefined> {
    try {
      for (;;) {
        for (let part = lane.take(); part !== undefined; part = lane.take()) {
          if (this.#isIdle(lane)) this.#fetchAll()
          yield part
        }
        if (this.#bug !== undefined) throw this.#bug
        const waiting = lane.wait()
        this.#fetchAll()
        await waiting
        if (lane.isFetched && !lane.hasSlices) return
      }
    } finally {
      this.#lanes.delete(lane)
    }
  }

  /** There is room for more of it again, and nobody fetches. */
  #isIdle({ isAsked, hasRoom, leader }: FetchLane): boolean {
    return !isAsked && hasRoom && leader !== undefined && !this.#busy.has(leader)
  }

  /** Asks every leader that is not asked already for what is wanted of it. */
  #fetchAll(): void {
    const byLeader = new Map<number, FetchLane[]>()
    for (const lane of this.#lanes) {
      if (lane.isFetched || lane.isAsked || lane.leader === undefined || this.#busy.has(lane.leader)) continue
      const own = byLeader.get(lane.leader)
      if (own === undefined) byLeader.set(lane.leader, [lane])
      else own.push(lane)
    }
    for (const [leader, lanes] of byLeader) {
      const wanted = this.#wantedOf(leader, lanes)
      if (wanted.length > 0) this.#guarded(this.#fetch(leader, wanted))
    }
    if (!this.#isRouting && [...this.#lanes].some(isLost)) this.#guarded(this.#route())
  }

  /** Those who wait come first, the longest waiting ahead; the others as far as there is room. */
  #wantedOf(leader: number, lanes: readonly FetchLane[]): FetchLane[] {
    const waiting = lanes.filter(({ isWaiting }) => isWaiting).sort((a, b) => a.servedAt - b.servedAt)
    let ahead = 0
    for (const lane of this.#lanes) if (lane.leader === leader) ahead += lane.bufferedBytes
    const others = ahead < AHEAD_BYTES ? lanes.filter((lane) => !lane.isWaiting && lane.hasRoom) : []
    return [...waiting, ...others].slice(0, LANES_AT_ONCE)
  }

  async #fetch(leader: number, lanes: readonly FetchLane[]): Promise<void> {
    this.#busy.add(leader)
    for (const lane of lanes) lane.isAsked = true
    try {
      const connection = await this.#cluster.broker(leader)
      const fetched = await askFetch(connection, lanes, this.#isolation, this.#patienceMs())
      if (fetched.errorCode !== errorCodes.NONE) throw brokerError(fetched.errorCode)
      await this.#take(lanes, fetched)
    } catch (error) {
      if (!(error instanceof KtoolError)) throw error
      for (const lane of lanes) this.#failed(lane, error)
    } finally {
      this.#busy.delete(leader)
      for (const lane of lanes) lane.isAsked = false
      this.#fetchAll()
    }
  }

  #patienceMs(): number {
    return Math.min(this.#cluster.deadline.timeoutMs / 2, LONGEST_PATIENCE_MS) + MAX_WAIT_MS
  }

  async #take(lanes: readonly FetchLane[], { partitionOf, throttleTimeMs }: Fetched): Promise<void> {
    const [first] = lanes
    for (const lane of lanes) {
      const told = partitionOf(lane)
      if (told !== undefined) await this.#takePartition(lane, told, lane === first)
      else if (lane === first) this.#failed(lane, leftOut())
    }
    if (throttleTimeMs > 0) await this.#pause(Math.min(throttleTimeMs, LONGEST_PATIENCE_MS))
  }

  async #takePartition(lane: FetchLane, told: FetchedPartition, isFirst: boolean): Promise<void> {
    const { errorCode, records, abortedTransactions } = told
    if (errorCode === errorCodes.OFFSET_OUT_OF_RANGE) return this.#findPlace(lane)
    if (errorCode !== errorCodes.NONE) return this.#failed(lane, brokerError(errorCode))
    if (records !== null && records.length > 0 && lane.give(kept(records), abortedTransactions ?? [])) {
      this.#cluster.deadline.renew()
      this.#served += 1
      lane.servedAt = this.#served
    } else this.#gaveNothing(lane, told, isFirst)
  }

  /** Nothing is written at the moment, if somebody waits for that; or something is not as it was. */
  #gaveNothing(lane: FetchLane, told: FetchedPartition, isFirst: boolean): void {
    if (lane.range.to === null) {
      this.#cluster.deadline.renew()
      lane.tries = 0
      lane.triedSinceMs = undefined
      lane.trouble = undefined
      return
    }
    const end = this.#isolation === 'committed' ? told.lastStableOffset : told.highWatermark
    if (end <= lane.position) this.#failed(lane, shrunk(lane, end))
    else if (isFirst) this.#failed(lane, stuck(lane))
  }

  /** The log was cut, from its start by retention, or at its end by an election that lost records. */
  async #findPlace(lane: FetchLane): Promise<void> {
    const { leader, range, position } = lane
    if (leader === undefined) return
    const connection = await this.#cluster.broker(leader)
    const ask = async (timestamp: bigint) => {
      const question = { timestamp, isCommitted: false, since: 1 }
      const told = await listOffsetsOf(this.#cluster, connection, [range], question)
      const answer = told.get(partitionName(range))
      if (answer instanceof Refusal) throw answer.asError()
      return answer?.offset ?? -1
    }
    const start = await ask(placeTimestamps.start)
    if (start > position) return lane.lose(deletedMeanwhile(lane, start), start)
    const end = await ask(placeTimestamps.end)
    if (end > position) return
    if (range.to === null && end >= 0) lane.lose(shrunk(lane, end), end)
    else this.#failed(lane, shrunk(lane, end))
  }

  /** Tries again, with another leader if there is one by then; or gives up. */
  #failed(lane: FetchLane, error: KtoolError): void {
    const nowMs = this.#cluster.world.clock.monotonicMs()
    lane.tries += 1
    lane.triedSinceMs ??= nowMs
    lane.trouble ??= error
    const isLate = nowMs - lane.triedSinceMs >= this.#cluster.deadline.timeoutMs
    if (isLate) lane.end(lastWord(lane.trouble, lane))
    else if (!isWorthAnotherTry(error, lane.tries)) lane.end(lastWord(error, lane))
    else lane.leader = undefined
  }

  /** Who leads the partitions that are without a leader. */
  async #route(): Promise<void> {
    this.#isRouting = true
    try {
      const lost = [...this.#lanes].filter(isLost)
      const tries = Math.max(1, Math.min(...lost.map((lane) => lane.tries)))
      await this.#pause(Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS))
      await this.#cluster.nodes(true).catch(ignoreKnown)
      const topics = await topicMetadata(
        this.#cluster,
        lost.map(({ range }) => range.topic),
      )
      for (const lane of lost) {
        const topic = topics.get(lane.range.topic)
        const leader = leaderIn(topic, lane)
        if (leader instanceof KtoolError) this.#failed(lane, leader)
        else lane.leader = leader
      }
    } catch (error) {
      if (!(error instanceof KtoolError)) throw error
      for (const lane of this.#lanes) if (isLost(lane)) this.#failed(lane, error)
    } finally {
      this.#isRouting = false
      this.#fetchAll()
    }
  }

  #pause(forMs: number): Promise<void> {
    return pause(this.#cluster.world.clock, forMs)
  }

  #guarded(work: Promise<void>): void {
    work.catch((bug: unknown) => {
      this.#bug = bug
      for (const lane of this.#lanes) lane.end()
    })
  }
}

/** A small part would keep the whole answer in memory until it is read. */
function kept(records: Buffer): Buffer {
  return records.length * 4 < records.buffer.byteLength ? Buffer.from(records) : records
}

function isLost({ leader, isFetched }: FetchLane): boolean {
  return leader === undefined && !isFetched
}

function ignoreKnown(error: unknown): void {
  if (!(error instanceof KtoolError)) throw error
}

type Topic = Awaited<ReturnType<typeof topicMetadata>> extends Map<string, infer T> ? T : never

function leaderIn(topic: Topic | undefined, { range }: FetchLane): number | KtoolError {
  if (topic === undefined) return leftOut()
  if (topic instanceof KtoolError) return topic
  const partition = topic.partitions.find(({ partitionIndex }) => partitionIndex === range.partition)
  if (partition === undefined) return brokerError(errorCodes.UNKNOWN_TOPIC_OR_PARTITION)
  return partition.leaderId >= 0 ? partition.leaderId : brokerError(errorCodes.LEADER_NOT_AVAILABLE)
}
