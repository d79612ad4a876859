import { dirname } from 'node:path'
import { BugError } from '../../errors.ts'
import { clockTurns } from '../../log/write/clock-turns.ts'
import type { LogStore } from '../../log/write/log-store.ts'
import type { WritableLog } from '../../log/write/writable-log.ts'
import { pause } from '../../ports/pause.ts'
import type { BrokerPorts } from '../broker-ports.ts'
import type { BrokerConfigs } from '../configs/broker-configs.ts'
import type { Controller } from '../controller/controller.ts'
import { Throttle } from '../maintenance/throttle.ts'
import type { Partition } from './partition.ts'
import type { Partitions } from './partitions.ts'

export interface LogDirMovesFacts {
  readonly ports: Pick<BrokerPorts, 'clock' | 'log'>
  readonly configs: BrokerConfigs
  readonly store: LogStore
  readonly partitions: Pick<Partitions, 'get'>
  readonly controller: Pick<Controller, 'assignDirectories'>
}

/** Nobody who asks the broker waits for longer than a piece of work takes, and this. */
const TURN_MS = 2
const LARGEST_PIECE_BYTES = 1024 * 1024
/** So long an allowance is used up by one piece at the most. */
const PIECE_SECONDS = 0.3
/** Where nothing may be copied, it is looked so often whether that has changed. */
const BLOCKED_MS = 1000

/** Partitions on their way to another directory, a piece of each after the other, as fast as they may. */
export class LogDirMoves {
  readonly #facts: LogDirMovesFacts
  readonly #throttle: Throttle
  readonly #stopping = new AbortController()
  /** Partitions by name; as new as long as checkpoints may tell of another copy at the same place. */
  readonly #waiting = new Map<string, 'new' | 'copying'>()
  #running: Promise<void> | undefined

  constructor(facts: LogDirMovesFacts) {
    this.#facts = facts
    this.#throttle = new Throttle(facts.ports.clock, () => this.#bytesPerSecond())
  }

  /** With those that a former broker has begun. */
  start(): void {
    for (const { topic, partition } of this.#facts.store.moves.all()) this.#begin(`${topic}-${partition}`)
  }

  /** Resolves once nothing is under way; the next start goes on. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  alter({ topic, partition, name, log }: Partition, path: string): void {
    const { store } = this.#facts
    const future = store.moves.get(name)
    if (future !== undefined && dirname(future.path) !== path) {
      this.#waiting.delete(name)
      store.moves.giveUp(name)
    }
    if (store.directoryOf(log)?.path === path) return
    if (store.moves.get(name) === undefined) store.moves.begin(`${topic}-${partition}`, path)
    this.#begin(name)
  }

  #begin(name: string): void {
    if (!this.#waiting.has(name)) this.#waiting.set(name, 'new')
    this.#running ??= this.#work().finally(() => {
      this.#running = undefined
    })
  }

  async #work(): Promise<void> {
    const { clock } = this.#facts.ports
    const turns = clockTurns(clock, TURN_MS)
    // Whoever asked is answered first.
    await pause(clock, 0)
    while (this.#waiting.size > 0 && !this.#stopping.signal.aborted) {
      for (const name of [...this.#waiting.keys()]) {
        if (this.#stopping.signal.aborted) return
        await this.#advance(name)
        if (turns.isDue()) await turns.turn(0, 0)
      }
    }
  }

  async #advance(name: string): Promise<void> {
    const { ports, store } = this.#facts
    try {
      if (this.#waiting.get(name) === 'new') await this.#forgetFormer()
      await this.#copy(name)
    } catch (cause) {
      this.#waiting.delete(name)
      const path = store.moves.get(name)?.path
      const reason = cause instanceof Error ? cause.message : String(cause)
      ports.log.log('error', 'a partition cannot be moved, and stays where it is', {
        partition: name,
        path,
        reason,
      })
    }
  }

  /** Else a crash might believe of a new copy what was said of an old one. */
  async #forgetFormer(): Promise<void> {
    const fresh = [...this.#waiting].filter(([, state]) => state === 'new').map(([name]) => name)
    await this.#facts.store.writeCheckpoints()
    for (const name of fresh) if (this.#waiting.has(name)) this.#waiting.set(name, 'copying')
  }

  async #copy(name: string): Promise<void> {
    const { ports, store } = this.#facts
    const { signal } = this.#stopping
    const future = store.moves.get(name)
    if (future === undefined) return void this.#waiting.delete(name)
    const rate = this.#bytesPerSecond()
    if (rate === 0) return pause(ports.clock, BLOCKED_MS, signal)
    const bytes = await store.moves.copySome(
      name,
      Math.min(LARGEST_PIECE_BYTES, Math.ceil(rate * PIECE_SECONDS)),
    )
    if (bytes > 0) await this.#throttle.take(bytes, signal)
    // It may have been given up meanwhile, for another one.
    else if (store.moves.get(name) === future) await this.#finish(name, future)
  }

  /**
   * The metadata says first where the partition is: a Kafka that starts after a crash goes by that, and takes the copy,
   * which has everything by then.
   */
  async #finish(name: string, { topic, partition: number }: WritableLog): Promise<void> {
    const { store, controller, partitions, ports } = this.#facts
    const partition = partitions.get(topic, number)
    if (partition === undefined)
      throw new BugError('no-partition', `there is a log of ${name}, and no partition`)
    const former = await store.moves.swap(name, {
      announce: (log) => {
        const directoryId = store.directoryOf(log)?.meta.directoryId ?? ''
        controller.assignDirectories(partition.topicId, new Map([[number, directoryId]]))
      },
      tell: (log) => {
        this.#waiting.delete(name)
        partition.moveTo(log)
      },
    })
    if (former === undefined) return
    await store.flushMetadata()
    await store.moves.rename(name, former)
    await store.writeCheckpoints()
    if (former.cleanedOffset !== undefined) await store.writeCleanerOffsets()
    ports.log.log('info', 'a partition was moved', { partition: name, path: store.get(topic, number)?.path })
  }

  #bytesPerSecond(): number {
    return this.#facts.configs.long('replica.alter.log.dirs.io.max.bytes.per.second')
  }
}
