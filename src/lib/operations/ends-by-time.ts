import { KtoolError } from '../errors.ts'
import type { TopicPartition } from '../model/groups.ts'
import type { ReadablePartition, RecordsView } from '../model/records.ts'
import type { Offset } from './figures.ts'

/** What the end of partitions was at a time: the first record that is not older. Each topic is opened once. */
export class EndsByTime {
  readonly #view: RecordsView
  readonly #topics = new Map<string, Promise<ReadonlyMap<number, ReadablePartition>>>()

  constructor(view: RecordsView) {
    this.#view = view
  }

  /** Null where it cannot be told. */
  async find({ topic, partition }: TopicPartition, timesMs: readonly number[]): Promise<(Offset | null)[]> {
    const opened = await this.#open(topic)
    const readable = opened.get(partition)
    if (readable === undefined) return timesMs.map(() => null)
    return Promise.all(timesMs.map((timeMs) => endAt(readable, timeMs)))
  }

  #open(topic: string): Promise<ReadonlyMap<number, ReadablePartition>> {
    const known = this.#topics.get(topic)
    if (known !== undefined) return known
    const opening = openTopic(this.#view, topic)
    this.#topics.set(topic, opening)
    return opening
  }
}

async function openTopic(view: RecordsView, topic: string): Promise<Map<number, ReadablePartition>> {
  try {
    const outcomes = await view.open(topic, 'uncommitted')
    return new Map(
      outcomes.flatMap(({ outcome }) =>
        outcome instanceof KtoolError ? [] : [[outcome.partition, outcome] as const],
      ),
    )
  } catch (error) {
    if (error instanceof KtoolError) return new Map()
    throw error
  }
}

/** Where no record is as late as that, the end has not moved since. */
async function endAt(readable: ReadablePartition, timeMs: number): Promise<Offset | null> {
  try {
    return (await readable.offsetAt(timeMs)) ?? readable.end
  } catch (error) {
    if (error instanceof KtoolError) return null
    throw error
  }
}
