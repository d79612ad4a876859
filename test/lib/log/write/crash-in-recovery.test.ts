import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLog } from '../../../../src/lib/log/write/open-log.ts'
import type { Disk } from '../../../../src/lib/ports/disk.ts'
import { systemDisk } from '../../../../src/lib/ports/system-disk.ts'
import { Crash, CrashingDisk } from './crashing-disk.ts'
import { defaults, LogRig, turns } from './log-rig.ts'

const damaged = fileURLToPath(new URL('../../../golden/disk/corrupt/cases/', import.meta.url))
const settings = { ...defaults, segmentBytes: 5000, segmentIndexBytes: 4096, indexIntervalBytes: 256 }
/** A start of these renames segments, cuts one off, and writes indexes and snapshots. */
const cases = ['flip-payload', 'zero-hole', 'garbage-middle-segment-tail', 'length-negative']

let rig: LogRig

beforeEach(() => {
  rig = new LogRig()
})

afterEach(() => rig.remove())

async function start(name: string, disk: Disk): Promise<number> {
  const log = await openLog(rig.room(disk), join(rig.path, name), settings, { isClean: false, turns })
  return log.logEndOffset
}

function filesLeft(name: string): Record<string, string> {
  const names = Object.keys(rig.files(name)).filter((file) => !/\.(deleted|tmp)$/.test(file))
  return Object.fromEntries(names.map((file) => [file, rig.bytes(name, file).toString('hex')]))
}

describe('a recovery that is cut short anywhere is made good by the next one', () => {
  it.each(cases)('%s', async (name) => {
    const copy = (to: string) =>
      cpSync(join(damaged, name, 'victim-0'), join(rig.path, to), { recursive: true })
    copy('whole-0')
    const end = await start('whole-0', systemDisk)
    const whole = filesLeft('whole-0')
    for (let changes = 0; ; changes++) {
      copy(`cut-${changes}`)
      const crashing = new CrashingDisk(systemDisk, changes)
      const result = await start(`cut-${changes}`, crashing.disk).catch((cause: unknown) => cause)
      if (!(result instanceof Crash)) break
      expect(await start(`cut-${changes}`, systemDisk)).toBe(end)
      expect(filesLeft(`cut-${changes}`), `after ${changes} changes`).toEqual(whole)
    }
  })
})
