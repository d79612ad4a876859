import { type ErrorName, errorCodes } from '../../src/lib/protocol/error-codes.ts'
import { BatchWriter } from '../../src/lib/records/batch-writer.ts'
import type { Journal } from './journal.ts'
import { type SimClient, Unanswered } from './sim-client.ts'
import type { SimRandom } from './sim-random.ts'
import type { SimWorld } from './sim-world.ts'

const names = new Map<number, ErrorName>(
  Object.entries(errorCodes).map(([name, code]) => [code, name as ErrorName]),
)

/** Of an answer that tells the client to ask again. */
export class Again extends Error {}

export interface Producer {
  readonly producerId: bigint
  readonly producerEpoch: number
}

/** A client that does its work over and over, and goes on when its broker was away. */
export abstract class Worker {
  readonly world: SimWorld
  readonly journal: Journal
  readonly random: SimRandom
  #client: SimClient | undefined
  #isOver = false

  constructor(world: SimWorld, journal: Journal, random: SimRandom) {
    this.world = world
    this.journal = journal
    this.random = random
  }

  async run(): Promise<void> {
    while (!this.#isOver) {
      try {
        await this.step()
        await this.world.sleep(this.random.between(0, 20))
      } catch (cause) {
        if (!(cause instanceof Unanswered) && !(cause instanceof Again)) throw cause
        if (cause instanceof Unanswered) this.forgetLink()
        await this.world.sleep(this.random.between(5, 60))
      }
    }
  }

  /** It stops when what it is at is done. */
  finish(): void {
    this.#isOver = true
  }

  protected abstract step(): Promise<void>

  protected async client(): Promise<SimClient> {
    this.#client ??= await this.world.connect().catch(() => {
      throw new Unanswered('no broker')
    })
    return this.#client
  }

  protected forgetLink(): void {
    this.#client = undefined
  }

  /** Other answers than these are a fault of the broker. */
  protected told(code: number, expected: readonly ErrorName[]): ErrorName {
    const name = names.get(code) ?? 'UNKNOWN_SERVER_ERROR'
    this.world.note(`${this.constructor.name} told ${name}`)
    if (!expected.includes(name) && !this.world.isDiskToBlame(name)) {
      this.journal.faults.push(`${this.constructor.name} is told ${name}, which cannot be`)
    }
    return name
  }
}

export function batchOf(
  values: readonly string[],
  producer: Producer,
  baseSequence: number,
  isTransactional: boolean,
  nowMs: number,
): Buffer {
  const { producerId, producerEpoch } = producer
  const fields = { producerId: Number(producerId), producerEpoch, baseSequence, isTransactional }
  const writer = new BatchWriter(fields)
  for (const value of values) {
    // No two of a key: what is compacted keeps all of them.
    writer.append({ timestamp: nowMs, key: Buffer.from(value.trimEnd()), value: Buffer.from(value) })
  }
  return Buffer.from(writer.finish())
}
