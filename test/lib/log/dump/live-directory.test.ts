import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { dump } from '../../../../src/lib/log/dump/dump.ts'
import type { InputFailure } from '../../../../src/lib/log/dump/dump-input.ts'
import type { DumpWish } from '../../../../src/lib/log/dump/dump-wish.ts'
import { expandPaths } from '../../../../src/lib/log/dump/expand-paths.ts'

import { DumpRows } from '../../../../src/lib/output/dump/dump-rows.ts'
import { systemDisk } from '../../../../src/lib/ports/system-disk.ts'

const golden = fileURLToPath(new URL('../../../golden/disk/segments/roll-size/roll-size-0', import.meta.url))
let folder: string

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'ktool-live-')), 'roll-size-0')
  cpSync(golden, folder, { recursive: true })
})

afterEach(() => rmSync(join(folder, '..'), { recursive: true }))

it('goes on where a live broker deleted a segment since its folder was listed, and says so', async () => {
  const { inputs } = expandPaths(systemDisk, [folder])
  const whole = await dumped(inputs)
  rmSync(inputs[0]?.file ?? '')
  const rest = await dumped(inputs)
  expect(rest.failures).toEqual([])
  expect(rest.notes).toEqual([expect.stringMatching(/0\.log was deleted by a live broker/)])
  expect(rest.count).toBeGreaterThan(0)
  expect(rest.count).toBeLessThan(whole.count)
})

it('fails for a file that was named itself', async () => {
  const { inputs } = expandPaths(systemDisk, [join(folder, '00000000000000000000.log')])
  rmSync(inputs[0]?.file ?? '')
  const { failures } = await dumped(inputs)
  expect(failures).toMatchObject([{ error: { code: 'file-not-found' } }])
})

async function dumped(inputs: Parameters<typeof dump>[0]) {
  const notes: string[] = []
  const failures: InputFailure[] = []
  const form = {
    key: 'text',
    value: 'text',
    decode: false,
    reveal: false,
    batches: true,
    records: false,
  } as const
  const wish: DumpWish = { ...form, range: {}, limit: Number.POSITIVE_INFINITY }
  const rows = new DumpRows(form)
  let count = 0
  const places = {
    disk: systemDisk,
    stdin: nothing,
    turns: { isDue: () => false, turn: async () => {} },
    notes,
  }
  for await (const failed of dump(inputs, wish, rows, places)) {
    failures.push(...failed)
    count += rows.take().length
  }
  return { notes, failures, count: count + rows.take().length }
}

async function* nothing() {}
