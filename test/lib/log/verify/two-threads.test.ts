import { readdirSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import { openPartitionFolder } from '../../../../src/lib/log/partition-folder.ts'
import { StretchLane, serveStretches } from '../../../../src/lib/log/verify/stretch-lane.ts'
import { verifyPartition } from '../../../../src/lib/log/verify/verify-partition.ts'
import { systemDisk } from '../../../../src/lib/ports/system-disk.ts'
import type { Threads } from '../../../../src/lib/ports/threads.ts'
import { pathInDisk } from '../lookup/golden-partitions.ts'

const turns = { isDue: () => false, turn: async () => {} }
const nowMs = Date.UTC(2026, 0, 1)
const beside = {
  logStartOffset: undefined,
  highWatermark: undefined,
  recoveryPoint: undefined,
  cleanerOffset: undefined,
  nextStart: null,
  isAlive: false,
  isKraft: false,
}

describe('a segment of which a second thread reads a part', () => {
  test.each(['segments', 'corrupt/cases'])('is verified as by one alone, in all of %s', async (root) => {
    const counter = { stretches: 0 }
    for (const path of partitionsBelow(root)) {
      const alone = await verified(path, undefined)
      const together = await verified(path, new StretchLane(sameThread(counter), 1))
      expect(together, path).toEqual(alone)
    }
    expect(counter.stretches).toBeGreaterThan(50)
  })

  it('is verified by one alone where the other fails', async () => {
    const path = pathInDisk('segments/roll-size/roll-size-0')
    const failing: Threads = {
      start: async () => ({
        send: () => {},
        poll: () => undefined,
        receive: async () => {
          throw new Error('the thread has ended')
        },
        stop: () => {},
      }),
    }
    expect(await verified(path, new StretchLane(failing, 1))).toEqual(await verified(path, undefined))
  })
})

function verified(path: string, lane: StretchLane | undefined) {
  const folder = openPartitionFolder(systemDisk, path)
  return verifyPartition(systemDisk, folder, beside, { nowMs, turns, ...(lane && { lane }) })
}

/** Does the other thread's work where it is asked for, as a message would bring it. */
function sameThread(counter: { stretches: number }): Threads {
  const answers: unknown[] = []
  let take: (message: unknown) => void = () => {}
  serveStretches(
    {
      send: (message) => void answers.push(structuredClone(message)),
      onMessage: (taker) => {
        take = taker
      },
    },
    systemDisk,
  )
  return {
    start: async () => ({
      send(message) {
        counter.stretches++
        take(structuredClone(message))
      },
      poll: () => answers.shift(),
      receive: async () => answers.shift(),
      stop: () => {},
    }),
  }
}

function partitionsBelow(root: string): string[] {
  return readdirSync(pathInDisk(root)).flatMap((name) =>
    readdirSync(pathInDisk(`${root}/${name}`), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => pathInDisk(`${root}/${name}/${entry.name}`)),
  )
}
