import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { listSegments } from '../../../../src/lib/log/listing/list-segments.ts'
import type { ReadableDisk } from '../../../../src/lib/ports/disk.ts'
import { systemDisk } from '../../../../src/lib/ports/system-disk.ts'

const golden = fileURLToPath(new URL('../../../golden/disk/segments/compact-basic', import.meta.url))
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ktool-live-'))
  cpSync(golden, folder, { recursive: true })
})

afterEach(() => rmSync(folder, { recursive: true }))

it.each(['.log', '.log.deleted'])(
  'passes over what a live broker deletes while it is listed: %s',
  async (end) => {
    const path = join(folder, 'compact-basic-0')
    const all = await listed(systemDisk, path)
    let deleted = ''
    const losing: ReadableDisk = {
      ...systemDisk,
      openToRead(file) {
        if (deleted === '' && file.endsWith(end)) {
          deleted = file
          rmSync(file)
        }
        return systemDisk.openToRead(file)
      },
    }
    const left = await listed(losing, path)
    expect(deleted).not.toBe('')
    expect(left).toEqual({ failures: [], count: all.count - 1 })
  },
)

async function listed(disk: ReadableDisk, path: string) {
  const found = { failures: [] as unknown[], count: 0 }
  for await (const { rows, failures } of listSegments(disk, [path], {
    isDue: () => false,
    turn: async () => {},
  })) {
    found.count += rows.length
    found.failures.push(...failures)
  }
  return found
}
