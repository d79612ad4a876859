import { cpSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { predictStart } from '../../../../src/lib/log/start/predict-start.ts'
import type { StartOutcome } from '../../../../src/lib/log/start/start-prediction.ts'
import { openLog } from '../../../../src/lib/log/write/open-log.ts'
import { systemDisk } from '../../../../src/lib/ports/system-disk.ts'
import { defaults, LogRig, turns } from './log-rig.ts'

const damaged = fileURLToPath(new URL('../../../golden/disk/corrupt/cases/', import.meta.url))
/** As the damaged folders were written. */
const settings = { ...defaults, segmentBytes: 5000, segmentIndexBytes: 4096, indexIntervalBytes: 256 }

let rig: LogRig

beforeEach(() => {
  rig = new LogRig()
})

afterEach(() => rig.remove())

/** Nothing where the log cannot be opened. */
async function start(
  isClean: boolean,
): Promise<{ logStartOffset: number; logEndOffset: number } | undefined> {
  const path = join(rig.path, 'victim-0')
  const open = openLog(rig.room(), path, settings, { isClean, turns })
  const log = await open.catch((cause: unknown) => {
    expect(cause).toMatchObject({ code: 'damaged-log' })
    return undefined
  })
  return log && { logStartOffset: log.logStartOffset, logEndOffset: log.logEndOffset }
}

function foretold({ logStartOffset, logEndOffset, files }: StartOutcome) {
  const left = (files ?? []).flatMap(({ name, action, sizeBytes, renamedTo }) => {
    if (action === 'delete') return []
    return [[action === 'rename' ? String(renamedTo) : name, sizeBytes] as const]
  })
  return { offsets: { logStartOffset, logEndOffset }, files: Object.fromEntries(left) }
}

describe('a start does what was foretold of it, and the next one after a crash finds nothing left to do', () => {
  it.each(readdirSync(damaged))('%s', async (name) => {
    for (const isClean of [false, true]) {
      const path = join(rig.path, 'victim-0')
      cpSync(join(damaged, name, 'victim-0'), path, { recursive: true, force: true })
      const facts = { nowMs: rig.clock.nowMs(), turns, indexIntervalBytes: settings.indexIntervalBytes }
      const prediction = await predictStart(systemDisk, rig.folder('victim-0'), facts)
      const outcome = isClean ? prediction.clean : prediction.unclean
      const before = rig.files('victim-0')
      const offsets = await start(isClean)
      if (outcome.comesUp) {
        const after = withoutRoom(rig.files('victim-0'), outcome)
        expect({ offsets, files: after }).toEqual(foretold(outcome))
        if (!isClean) {
          const bytes = filesLeft()
          await start(false)
          expect(filesLeft()).toEqual(bytes)
        }
      } else {
        expect(offsets).toBeUndefined()
        expect(rig.files('victim-0')).toEqual(before)
      }
      rig.remove()
      rig = new LogRig()
    }
  })
})

/** Without those that go at the next start at the latest. */
function filesLeft(): Record<string, string> {
  const names = Object.keys(rig.files('victim-0')).filter((name) => !name.endsWith('.deleted'))
  return Object.fromEntries(names.map((name) => [name, rig.bytes('victim-0', name).toString('hex')]))
}

/** The prediction counts the entries of an index, and leaves out the room that is kept for more. */
function withoutRoom(
  files: Record<string, number>,
  { files: foretold }: StartOutcome,
): Record<string, number> {
  const kept = new Map((foretold ?? []).map(({ name, sizeBytes }) => [name, sizeBytes]))
  const isRoom = (name: string, size: number) => /\.(index|timeindex)$/.test(name) && size >= 4080
  return Object.fromEntries(
    Object.entries(files).map(([name, size]) => [name, isRoom(name, size) ? (kept.get(name) ?? size) : size]),
  )
}
