import { beforeEach, expect, it } from 'vitest'
import { FailedError } from '../../../../src/lib/errors.ts'
import { errorCodes } from '../../../../src/lib/protocol/error-codes.ts'
import { FetchRig } from './fetch-rig.ts'

const STORAGE = errorCodes.KAFKA_STORAGE_ERROR
const both = [{ offset: 0 }, { offset: 0, partition: 1 }]

let rig: FetchRig

beforeEach(async () => {
  rig = await FetchRig.open()
  for (const partition of [0, 1]) await rig.send('one', { partition })
})

/** The disk has lost what is in orders-0, which shows when it is read. */
function breakDisk(isCold: boolean): { mend(): void } {
  const { log } = rig.node.partition()
  const { read } = log
  const fail = () => {
    throw new FailedError('disk-error', 'cannot read')
  }
  log.read = (offset, wish) => {
    const slice = read.call(log, offset, wish)
    if (slice === undefined) return undefined
    const { path } = slice.file
    const file = { path, sizeBytes: fail, read: fail, readCold: async () => fail(), close: () => {} }
    return { ...slice, isCold, file }
  }
  return {
    mend: () => {
      log.read = read
    },
  }
}

it.each([
  ['at once', false],
  ['from the disk itself', true],
])('what cannot be read %s is an error of its partition alone', async (_, isCold) => {
  breakDisk(isCold)
  for (const isolationLevel of [0, 1]) {
    const { error, seen } = await rig.fetch(both, { isolationLevel })
    expect(error).toBe(0)
    expect(seen[0]).toMatchObject({ partition: 0, error: STORAGE, bytes: 0 })
    expect(seen[1]).toMatchObject({ partition: 1, error: 0 })
    expect(seen[1]?.bytes).toBeGreaterThan(0)
  }
  expect(rig.node.lines).toContainEqual(expect.stringContaining('error'))
})

it('what cannot be read is told anew by a session once it can', async () => {
  const disk = breakDisk(false)
  const { sessionId, seen } = await rig.fetch(both, { sessionEpoch: 0 })
  expect(seen[0]?.error).toBe(STORAGE)
  disk.mend()
  const next = await rig.fetch([{ offset: 1 }, { offset: 1, partition: 1 }], { sessionId, sessionEpoch: 1 })
  expect(next.seen).toEqual([{ topic: 'orders', partition: 0, error: 0, bytes: 0 }])
})
