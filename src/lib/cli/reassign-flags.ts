import { UsageError } from '../errors.ts'
import type { BatchLimit } from '../operations/reassign-steps.ts'
import { parseSize } from '../values/sizes.ts'
import { boolean, string } from './flags.ts'

/** How replicas are moved. */
export const moveFlags = {
  throttle: string({
    summary: 'Copy no faster than this between brokers, per second: 50MB. It is gone again at the end.',
    helpValue: 'SIZE',
    helpGroup: 'move',
  }),
  batch: string({
    summary: 'So many partitions at a time, or so many bytes: 10, 20GiB. Each batch is waited for.',
    helpValue: 'N|SIZE',
    helpGroup: 'move',
  }),
  additional: boolean({ summary: 'Go ahead while other reassignments are under way.', helpGroup: 'move' }),
}

/** The same for replicas that are moved between the disks of a broker. */
export const diskFlags = {
  'disk-throttle': string({
    summary:
      'Copy no faster than this between the disks of a broker, per second. It is gone again at the end.',
    helpValue: 'SIZE',
    helpGroup: 'move',
  }),
}

interface MoveFlags {
  readonly throttle?: string | undefined
  readonly 'disk-throttle'?: string | undefined
  readonly batch?: string | undefined
  readonly additional: boolean
}

export function readMoveFlags({ throttle, batch, additional, ...flags }: MoveFlags) {
  const disk = flags['disk-throttle']
  return {
    throttleBytesPerSecond: throttle === undefined ? null : parseRate(throttle),
    diskThrottleBytesPerSecond: disk === undefined ? null : parseRate(disk),
    batch: batch === undefined ? null : parseBatch(batch),
    isAdditional: additional,
  }
}

/** `50MB`, or as people write it, `50MB/s`. */
function parseRate(text: string): number {
  const bytes = parseSize(text.replace(/\/s$/, ''))
  if (bytes > 0) return bytes
  throw new UsageError('invalid-throttle', 'a throttle of nothing would never end')
}

/** A bare number is partitions; with a unit it is bytes. */
function parseBatch(text: string): BatchLimit {
  const isCount = /^\d+$/.test(text)
  const size = isCount ? Number(text) : parseSize(text)
  if (size > 0 && Number.isSafeInteger(size)) return isCount ? { partitions: size } : { bytes: size }
  throw new UsageError('invalid-batch', `"${text}" is no batch`, {
    hint: 'say how many partitions (10), or how many bytes (20GiB)',
  })
}

/** `1,2,5`. */
export function parseBrokers(text: string): number[] {
  const ids = text.split(',').map((part) => part.trim())
  const isList = ids.every((id) => /^\d{1,10}$/.test(id) && Number(id) < 2 ** 31)
  if (isList) return [...new Set(ids.map(Number))]
  throw new UsageError('invalid-brokers', `"${text}" lists no brokers`, {
    hint: 'ids are written like 1,2,5',
  })
}
