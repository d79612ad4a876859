import { expect, it } from 'vitest'
import { FailedError } from '../../../src/lib/errors.ts'
import { type Clock, systemClock } from '../../../src/lib/ports/clock.ts'
import type { Disk } from '../../../src/lib/ports/disk.ts'
import { systemDisk } from '../../../src/lib/ports/system-disk.ts'
import { errorCodes } from '../../../src/lib/protocol/error-codes.ts'
import { connected } from '../../conformance/wire/connection.ts'
import { send } from '../../crash/requests.ts'
import { brokerInProcess } from '../../support/broker-in-process.ts'

it('a disk that is full refuses every write, tells the operator now and then, and takes writes once it has room', async () => {
  let isFull = false
  const disk: Disk = {
    ...systemDisk,
    openToAppend(path) {
      const file = systemDisk.openToAppend(path)
      const write = file.write.bind(file)
      file.write = (bytes, position) => {
        if (isFull) throw new FailedError('disk-full', `cannot write ${path}: no space is left`)
        write(bytes, position)
      }
      return file
    },
  }
  const real = systemClock(() => process.hrtime())
  let aheadMs = 0
  const clock: Clock = {
    nowMs: () => real.nowMs(),
    monotonicMs: () => real.monotonicMs() + aheadMs,
    after: (delayMs, run) => real.after(delayMs, run),
  }
  await using running = await brokerInProcess({ disk, clock, topics: [{ name: 'orders', partitions: 2 }] })
  const errors = () => running.lines.filter((line) => line.startsWith('error '))
  await connected(running.port, async (connection) => {
    const refused = async (times: number) => {
      for (let i = 0; i < times; i++) {
        const { errorCode } = await send(connection, 'orders', i % 2, ['one'])
        expect(errorCode).toBe(errorCodes.KAFKA_STORAGE_ERROR)
      }
    }
    isFull = true
    await refused(30)
    expect(errors()).toHaveLength(1)
    aheadMs += 10_000
    await refused(5)
    expect(errors()).toHaveLength(2)
    expect(errors()[1]).toContain('"notToldBefore":29')
    isFull = false
    expect(await send(connection, 'orders', 0, ['one'])).toEqual({ errorCode: 0, baseOffset: 0 })
  })
})
