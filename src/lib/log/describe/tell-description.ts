import { subtractInt64 } from '../../bytes/int64.ts'
import { type Figure, isKnown } from '../../model/figure.ts'
import { formatSize } from '../../values/sizes.ts'
import { formatTime } from '../../values/times.ts'
import type { OpenTransaction } from '../state/partition-state.ts'
import type { ProducerState } from '../state/producer-states.ts'
import type {
  DescribedAbort,
  DescribedEpoch,
  DescribedLeftover,
  DescribedSegment,
  DescribedSnapshot,
  PartitionDescription,
} from './partition-description.ts'

const asides = {
  delete: 'to be deleted',
  future: 'a copy in the making, to move to this directory',
  stray: 'set aside: the metadata does not know it',
}
const stops = { clean: 'stopped cleanly', unclean: 'not stopped cleanly', alive: 'alive' }
const steps = {
  deleted: 'deleted soon, or at the next start',
  cleaned: 'a cleaning that was not finished; deleted at the next start',
  swap: 'a finished cleaning; takes its place at the next start',
}
/** More than this of one kind are cut short: a table is there to be read. */
const MOST_LINES = 12
const LINES_AT_AN_END = 5

export function tellFolder({ folder, aside }: PartitionDescription): string {
  return aside === null ? folder : `${folder} (${asides[aside]})`
}

export function tellBroker({ broker, lastStop }: PartitionDescription): string | null {
  const facts = [
    ...(broker === null ? [] : [`node ${broker}`]),
    ...(lastStop === null ? [] : [stops[lastStop]]),
  ]
  return facts.join(', ') || null
}

export function tellLogStart({ logStartOffset, segments }: PartitionDescription): string {
  const base = segments[0]?.baseOffset
  const isLater = base !== undefined && isKnown(logStartOffset) && logStartOffset.value > base
  const kept = isLater ? 'what lies before it is deleted, though still in the files' : null
  return tellOffset(logStartOffset, 'the first offset that readers get', kept)
}

export function tellLogEnd({ logEndOffset }: PartitionDescription): string {
  return tellOffset(logEndOffset, 'the next record gets this offset')
}

export function tellHighWatermark({ highWatermark }: PartitionDescription): string {
  return tellOffset(highWatermark, 'replicated, and open to readers, below it')
}

export function tellLastStable({ lastStableOffset, openTransactions }: PartitionDescription): string {
  const [first] = openTransactions
  const isHeld =
    first !== undefined && isKnown(lastStableOffset) && lastStableOffset.value === first.firstOffset
  const holder = isHeld ? `held by the open transaction of producer ${first.producerId}` : null
  return tellOffset(lastStableOffset, 'readers of committed records stop here', holder)
}

export function tellRecoveryPoint({ recoveryPoint }: PartitionDescription): string {
  return tellOffset(recoveryPoint, 'flushed to the disk below it; recovery begins here')
}

export function tellCleanerOffset({ cleanerOffset }: PartitionDescription): string {
  return tellOffset(cleanerOffset, 'cleaned below it; dirty from here on')
}

function tellOffset(figure: Figure, meaning: string, detail: string | null = null): string {
  if (!isKnown(figure)) return `- (${figure.reason})`
  const facts = [meaning, detail, figure.reason].filter((fact) => typeof fact === 'string')
  return `${figure.value} (${facts.join('; ')})`
}

export function tellEpoch({ epoch, startOffset, endOffset }: DescribedEpoch): string {
  return `${epoch} from offset ${startOffset}${endOffset === null ? ' on' : ` to ${subtractInt64(endOffset, 1)}`}`
}

export function tellOpenTransaction(open: OpenTransaction): string {
  const { producerId, producerEpoch, firstOffset, startTimestamp, lastTimestamp } = open
  const start = startTimestamp === null ? 'whose first batch is gone' : `begun ${formatTime(startTimestamp)}`
  return `producer ${producerId} (epoch ${producerEpoch}) from offset ${firstOffset}, ${start}, last written ${formatTime(lastTimestamp)}`
}

export function tellAbort({ producerId, firstOffset, lastOffset }: DescribedAbort): string {
  return `producer ${producerId} from offset ${firstOffset} to its marker at ${lastOffset}`
}

export function tellProducer({
  producerId,
  producerEpoch,
  lastSequence,
  lastTimestamp,
}: ProducerState): string {
  const sequence = lastSequence < 0 ? 'no sequence yet' : `last sequence ${lastSequence}`
  return `${producerId} (epoch ${producerEpoch}), ${sequence}, last written ${formatTime(lastTimestamp)}`
}

export function tellSegment(segment: DescribedSegment): string {
  const { file, baseOffset, nextOffset, sizeBytes, isActive } = segment
  const isEmpty = nextOffset <= baseOffset
  const offsets = isEmpty ? 'no offsets' : `offsets ${baseOffset} to ${subtractInt64(nextOffset, 1)}`
  return `${file}, ${offsets}, ${formatSize(sizeBytes)}${isActive ? ', active' : ''}`
}

export function tellSnapshot({ file, producers }: DescribedSnapshot): string {
  if (producers === null) return `${file}, not to be believed`
  return `${file}, ${producers} ${producers === 1 ? 'producer' : 'producers'}`
}

export function tellLeftover({ file, step, sizeBytes }: DescribedLeftover): string {
  return `${file}, ${formatSize(sizeBytes)}, ${steps[step]}`
}

/** Each in its words; of many the first and the last. */
export function tellEach<T>(values: readonly T[], tell: (value: T) => string): string[] {
  if (values.length <= MOST_LINES) return values.map(tell)
  const hidden = values.length - 2 * LINES_AT_AN_END
  return [
    ...values.slice(0, LINES_AT_AN_END).map(tell),
    `… ${hidden} more …`,
    ...values.slice(-LINES_AT_AN_END).map(tell),
  ]
}
