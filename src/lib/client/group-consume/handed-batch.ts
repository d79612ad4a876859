import type { Consumer, EachBatchPayload } from 'kafkajs'
import { toInt64 } from '../../bytes/int64.ts'
import type { GroupBatch } from '../../model/group-consumer.ts'
import type { Clock } from '../../ports/clock.ts'
import { pause } from '../../ports/pause.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import { fromKafkajs } from '../kafkajs/kafkajs-error.ts'
import { batchesOf } from './message-batches.ts'

export interface Membership {
  readonly consumer: Consumer
  readonly clock: Clock
  readonly heartbeatMs: number
  /** Whether we are about to leave. */
  readonly isOver: () => boolean
}

/** Records that kafkajs has handed out. While they are worked on the group is told that we live. */
export class HandedBatch implements GroupBatch {
  readonly topic: string
  readonly partition: number
  readonly next: number | bigint
  readonly batches: readonly RecordBatch[]
  readonly #payload: EachBatchPayload
  readonly #membership: Membership
  readonly #done = new AbortController()
  /** Why it is to be given back. */
  #revoked: unknown

  constructor(payload: EachBatchPayload, membership: Membership) {
    const { batch } = payload
    this.topic = batch.topic
    this.partition = batch.partition
    this.next = toInt64(BigInt(batch.lastOffset()) + 1n)
    this.batches = batchesOf(batch.messages)
    this.#payload = payload
    this.#membership = membership
  }

  get isRevoked(): boolean {
    return this.#revoked !== undefined || this.#membership.isOver() || this.#payload.isStale()
  }

  async commit(next: number | bigint): Promise<void> {
    const { topic, partition } = this
    // Whatever becomes of the commit: kafkajs is not to hand them out again for a link that broke.
    this.#payload.resolveOffset(String(BigInt(next) - 1n))
    try {
      await this.#membership.consumer.commitOffsets([{ topic, partition, offset: String(next) }])
    } catch (error) {
      throw fromKafkajs(error)
    }
  }

  done(): void {
    this.#done.abort()
  }

  /** Until somebody is done with it. kafkajs finds out by a heartbeat that the group is dealt anew, and joins again. */
  async worked(): Promise<void> {
    const { clock, heartbeatMs } = this.#membership
    while (!this.#done.signal.aborted) {
      await pause(clock, heartbeatMs, this.#done.signal)
      if (this.#revoked === undefined) await this.#tellWeLive()
    }
    if (this.#revoked !== undefined) throw this.#revoked
  }

  async #tellWeLive(): Promise<void> {
    try {
      await this.#payload.heartbeat()
    } catch (error) {
      this.#revoked = error
    }
  }
}
