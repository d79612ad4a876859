import { KtoolError } from '../../errors.ts'
import type { Figure } from '../../model/figure.ts'
import type { TopicPartition } from '../../model/groups.ts'
import type { OffsetsView, PartitionOffsets } from '../../model/offsets.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import type { ChosenPartition, LogDirectories } from '../cluster/log-directories.ts'
import type { PartitionState } from '../state/partition-state.ts'
import { chosenState } from './chosen-state.ts'
import { partitionNumbers, whyNotHere } from './known-partitions.ts'
import { firstRecord, lookUp } from './look-up.ts'

/** The offsets of partitions, as their folders and the checkpoints beside them tell them. */
export function diskOffsets(
  disk: ReadableDisk,
  directories: LogDirectories,
  warn: (sentence: string) => void,
): OffsetsView {
  const known = new Map<string, PartitionOffsets>()
  const offsetsOf = (wanted: TopicPartition) => {
    const name = `${wanted.topic}-${wanted.partition}`
    const found = known.get(name) ?? partitionOffsets(disk, directories, wanted, warn)
    known.set(name, found)
    return found
  }
  return {
    partitions: async (topic) => partitionNumbers(directories, topic),
    offsets: async (partitions) => partitions.map(offsetsOf),
    find: async (partitions, place) =>
      partitions.map((at) =>
        lookUp(disk, directories.partition(at.topic, at.partition), offsetsOf(at), place),
      ),
    firstRecords: async (from) =>
      from.map((at) =>
        firstRecord(disk, directories.partition(at.topic, at.partition), offsetsOf(at), at.offset),
      ),
  }
}

function partitionOffsets(
  disk: ReadableDisk,
  directories: LogDirectories,
  { topic, partition }: TopicPartition,
  warn: (sentence: string) => void,
): PartitionOffsets {
  const chosen = directories.partition(topic, partition)
  if (chosen === undefined)
    return unknownOffsets({ topic, partition }, whyNotHere(directories, topic, partition))
  try {
    const state = chosenState(disk, chosen)
    for (const damage of state.damages) warn(`${topic}-${partition}: ${damage}`)
    return { topic, partition, ...figures(state, chosen), reason: null }
  } catch (cause) {
    if (!(cause instanceof KtoolError)) throw cause
    warn(`${topic}-${partition}: ${cause.message}`)
    return unknownOffsets({ topic, partition }, cause.message)
  }
}

function figures(state: PartitionState, { choice }: ChosenPartition) {
  const { notes } = state
  const copy = choice === null ? [] : [choice]
  const figure = (
    value: number | bigint,
    bound: 'exact' | 'atLeast' | 'asOf',
    notes: readonly (string | null)[],
  ) => figureOf(value, bound, [...notes, ...copy])
  return {
    logStart: figure(state.logStartOffset, 'exact', [notes.logStartOffset]),
    // A broker writes it down every five seconds; where nothing is written, the log end is taken for it.
    highWatermark: figure(state.highWatermark, 'atLeast', [notes.highWatermark]),
    lastStable: figure(state.lastStableOffset, 'atLeast', [notes.lastStableOffset]),
    logEnd: figure(state.logEndOffset, 'exact', [notes.logEndOffset]),
  }
}

function figureOf(
  value: number | bigint,
  bound: 'exact' | 'atLeast' | 'asOf',
  notes: readonly (string | null)[],
): Figure {
  const said = notes.filter((note) => note !== null).join('; ')
  return said === '' ? { value, from: 'file', bound } : { value, from: 'file', bound, reason: said }
}

function unknownOffsets(partition: TopicPartition, reason: string): PartitionOffsets {
  const unknown: Figure = { unknown: true, reason }
  return {
    ...partition,
    logStart: unknown,
    highWatermark: unknown,
    lastStable: unknown,
    logEnd: unknown,
    reason,
  }
}
