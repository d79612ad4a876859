import { FailedError, KtoolError } from '../errors.ts'
import { type Figure, isKnown } from '../model/figure.ts'
import type { TopicPartition } from '../model/groups.ts'
import { noSuchPartition, noSuchTopic } from '../model/not-found.ts'
import type { FoundOffset, OffsetPlace, OffsetsView } from '../model/offsets.ts'
import type { ItemFailure } from '../model/outcome.ts'
import { partitionName } from '../model/partitions.ts'
import { includesPartition, type TopicPartitions } from '../values/partitions.ts'

export interface FoundOffsets {
  readonly rows: readonly FoundOffset[]
  readonly failures: readonly ItemFailure[]
}

/** One offset of each partition that was named. What cannot be read is a failure, what there is not a row. */
export async function getOffsets(
  view: OffsetsView,
  wanted: readonly TopicPartitions[],
  place: OffsetPlace,
): Promise<FoundOffsets> {
  const named = await Promise.all(wanted.map((each) => partitionsNamed(view, each)))
  const found = await view.find(
    named.flatMap(({ partitions }) => partitions),
    place,
  )
  const failures = found.flatMap(({ topic, partition, offset, reason }) =>
    isUnknown(offset)
      ? [{ item: partitionName({ topic, partition }), error: notReadable(reason ?? offset.reason) }]
      : [],
  )
  return {
    rows: found.filter(({ offset }) => !isUnknown(offset)),
    failures: [...named.flatMap(({ failures }) => failures), ...failures],
  }
}

function isUnknown(offset: Figure | null): offset is Exclude<Figure, { readonly value: unknown }> {
  return offset !== null && !isKnown(offset)
}

/** One topic that may not be looked into leaves the others alone. */
async function knownPartitions(
  view: Pick<OffsetsView, 'partitions'>,
  topic: string,
): Promise<readonly number[] | KtoolError> {
  try {
    return (await view.partitions(topic)) ?? noSuchTopic(topic)
  } catch (error) {
    if (error instanceof KtoolError) return error
    throw error
  }
}

/** The partitions that are meant, and a failure for each that was typed and is not there. */
export async function partitionsNamed(
  view: Pick<OffsetsView, 'partitions'>,
  { topic, ranges }: TopicPartitions,
) {
  const known = await knownPartitions(view, topic)
  if (known instanceof KtoolError) {
    const partitions: TopicPartition[] = []
    return { partitions, failures: [{ item: topic, error: known }] }
  }
  const partitions = known
    .filter((partition) => ranges === undefined || includesPartition(ranges, partition))
    .map((partition) => ({ topic, partition }))
  // The end of an open range is the last partition there is; a number that was typed has to be one.
  const absent = (ranges ?? []).map(({ first }) => first).filter((partition) => !known.includes(partition))
  const failures = absent.map((partition) => ({
    item: partitionName({ topic, partition }),
    error: noSuchPartition({ topic, partition }),
  }))
  return { partitions, failures }
}

function notReadable(reason: string): FailedError {
  return new FailedError('offsets-unknown', reason)
}
