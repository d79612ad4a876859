import { expect, vi } from 'vitest'
import { describeGroups } from '../../src/lib/protocol/apis/describe-groups.ts'
import { leaveGroup } from '../../src/lib/protocol/apis/leave-group.ts'
import { KtoolProcess } from './ktool-process.ts'
import { LiveWriter } from './live-writer.ts'
import { jsonLive } from './run-live.ts'

const BATCH_RECORDS = 500
const RECORD_BYTES = 1000

/** A topic that is larger than any pipe, and what becomes of a group that reads it. */
export class GroupReaders {
  readonly topic: string
  readonly group: string
  readonly #bootstrap: string
  #partitions = 0
  #recordCount = 0

  constructor(bootstrap: string, name: string) {
    this.#bootstrap = bootstrap
    this.topic = name
    this.group = `${name}-readers`
  }

  async fill(partitions: number, batchesEach: number): Promise<void> {
    await using writer = new LiveWriter(this.#bootstrap)
    await writer.topic(this.topic, partitions)
    this.#partitions = partitions
    await this.write(batchesEach)
  }

  async write(batchesEach: number): Promise<void> {
    await using writer = new LiveWriter(this.#bootstrap)
    for (let i = 0; i < batchesEach; i++) {
      for (let partition = 0; partition < this.#partitions; partition++) {
        await writer.write(this.topic, partition, { count: BATCH_RECORDS, sizeBytes: RECORD_BYTES })
        this.#recordCount += BATCH_RECORDS
      }
    }
  }

  get recordCount(): number {
    return this.#recordCount
  }

  /** Prints a line for each record, with all that is in it. */
  get argv(): readonly string[] {
    return [
      ...['consume', this.topic, '-g', this.group, '-b', this.#bootstrap],
      ...['-o', 'jsonl', '--value', 'base64'],
    ]
  }

  start(...more: readonly string[]): KtoolProcess {
    return new KtoolProcess(...this.argv, ...more)
  }

  /** What it has committed: the sum over all partitions, of which each begins with 0. */
  async committed(): Promise<number> {
    const { items } = await jsonLive('lag', this.#bootstrap, [this.group])
    return items.reduce((sum, { committed }) => sum + Number(committed ?? 0), 0)
  }

  async members(): Promise<number> {
    return (await this.#described()).members
  }

  async untilState(state: string): Promise<void> {
    await vi.waitFor(async () => expect((await this.#described()).state).toBe(state), {
      timeout: 20_000,
      interval: 20,
    })
  }

  /** The dead would be waited for as long as their session lasts. */
  async kickAll(): Promise<void> {
    await using writer = new LiveWriter(this.#bootstrap)
    const { groups } = await writer.cluster.ask(describeGroups, { groups: [this.group] }, { max: 5 })
    const members = groups.flatMap(({ members }) => members.map(({ memberId }) => ({ memberId })))
    await writer.cluster.ask(leaveGroup, { groupId: this.group, members })
  }

  async #described(): Promise<{ readonly state: string; readonly members: number }> {
    await using writer = new LiveWriter(this.#bootstrap)
    const { groups } = await writer.cluster.ask(describeGroups, { groups: [this.group] }, { max: 5 })
    const [group] = groups
    return { state: group?.groupState ?? '', members: group?.members.length ?? 0 }
  }
}

/** Which record a line is of. */
export function placesOf(lines: readonly string[]): string[] {
  return lines.map((line) => {
    const { partition, offset } = JSON.parse(line)
    return `${partition}:${offset}`
  })
}

/** How often each was read. */
export function timesRead(...readings: readonly (readonly string[])[]): Map<string, number> {
  const times = new Map<string, number>()
  for (const place of readings.flatMap(placesOf)) times.set(place, (times.get(place) ?? 0) + 1)
  return times
}
