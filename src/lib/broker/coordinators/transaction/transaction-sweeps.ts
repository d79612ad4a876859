import { FailedError } from '../../../errors.ts'
import type { Cancel, Clock } from '../../../ports/clock.ts'
import { ApiError } from '../../api-error.ts'
import type { BrokerConfigs } from '../../configs/broker-configs.ts'
import { isTimedOut } from './end-transaction.ts'
import { isAtRest, type Transaction } from './transaction.ts'
import type { TransactionShard } from './transaction-shard.ts'

export interface SweepFacts {
  readonly clock: Clock
  readonly configs: Pick<BrokerConfigs, 'int'>
  shards(): Iterable<TransactionShard>
  abort(shard: TransactionShard, transaction: Transaction): void
}

/** Tombstones of one batch: far below any `max.message.bytes` that lets transactions be written at all. */
const FORGOTTEN_AT_ONCE = 500

/** Aborts transactions that their producers left open, and forgets ids that nobody uses. */
export class TransactionSweeps {
  readonly #facts: SweepFacts
  readonly #cancels = new Set<Cancel>()

  constructor(facts: SweepFacts) {
    this.#facts = facts
  }

  start(): void {
    this.#every('transaction.abort.timed.out.transaction.cleanup.interval.ms', () => this.#abortTimedOut())
    this.#every('transaction.remove.expired.transaction.cleanup.interval.ms', () => this.#forgetExpired())
  }

  stop(): void {
    for (const cancel of this.#cancels) cancel()
    this.#cancels.clear()
  }

  #every(setting: string, run: () => void): void {
    const { clock, configs } = this.#facts
    const cancel = clock.after(configs.int(setting), () => {
      this.#cancels.delete(cancel)
      run()
      this.#every(setting, run)
    })
    this.#cancels.add(cancel)
  }

  #abortTimedOut(): void {
    const nowMs = this.#facts.clock.nowMs()
    for (const shard of this.#facts.shards()) {
      for (const transaction of [...shard.all()].filter((known) => isTimedOut(known, nowMs))) {
        attempt(() => this.#facts.abort(shard, transaction))
      }
    }
  }

  #forgetExpired(): void {
    const { clock, configs } = this.#facts
    const unusedSinceMs = clock.nowMs() - configs.int('transactional.id.expiration.ms')
    for (const shard of this.#facts.shards()) {
      const expired = [...shard.all()].filter((known) => isAtRest(known) && known.updateMs <= unusedSinceMs)
      for (let i = 0; i < expired.length; i += FORGOTTEN_AT_ONCE) {
        const ids = expired.slice(i, i + FORGOTTEN_AT_ONCE).map(({ transactionalId }) => transactionalId)
        attempt(() => shard.forget(ids))
      }
    }
  }
}

/** What a disk refuses is tried again by the next sweep; thrown here, it would be the end of the broker. */
function attempt(run: () => void): void {
  try {
    run()
  } catch (cause) {
    if (!(cause instanceof ApiError || cause instanceof FailedError)) throw cause
  }
}
