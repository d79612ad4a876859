import { mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type LogStore, openLogStore } from '../../../../src/lib/log/write/log-store.ts'
import { systemRandom } from '../../../../src/lib/ports/random.ts'
import { batchOf, defaults, LogRig } from './log-rig.ts'

const { length } = batchOf(0)
/** Three batches in each. */
const settings = { ...defaults, segmentBytes: 3 * length }

let rig: LogRig
let dirs: readonly string[]

beforeEach(() => {
  rig = new LogRig()
  dirs = ['one', 'two'].map((name) => join(rig.path, name))
  for (const path of dirs) {
    mkdirSync(path)
    writeFileSync(join(path, 'meta.properties'), 'version=1\nnode.id=1\ncluster.id=a\ndirectory.id=b\n')
  }
})

afterEach(() => rig.remove())

async function open(): Promise<LogStore> {
  const ports = { ...rig.room(), random: systemRandom }
  const store = await openLogStore(ports, { logDirs: dirs, metadataDir: dirs[0] ?? '' })
  await store.load(() => settings)
  return store
}

/** A log of nine batches, whose copy has them all. */
async function copied(): Promise<LogStore> {
  const store = await open()
  const log = store.create('orders', 0, 'c2VhLW9mLXJlY29yZHMtMQ', settings)
  for (let offset = 0; offset < 9; offset++) log.append(batchOf(offset))
  store.moves.begin('orders-0', dirs.find((path) => path !== store.directoryOf(log)?.path) ?? '')
  while ((await store.moves.copySome('orders-0', length)) > 0);
  return store
}

it.each([
  ['is taken for what it is after a crash', undefined, 9],
  ['is made anew where a power cut took something out of its midst', 2 * length, 0],
])('a copy %s', async (_what, leftBytes, end) => {
  const path = (await copied()).moves.get('orders-0')?.path ?? ''
  if (leftBytes !== undefined) truncateSync(join(path, '00000000000000000003.log'), leftBytes)
  const again = await open()
  expect(again.moves.get('orders-0')?.logEndOffset).toBe(end)
})

it('a log moves until its folder has its own name', async () => {
  const store = await copied()
  const former = await store.moves.swap('orders-0', { announce: () => {}, tell: () => {} })
  const log = store.get('orders', 0)
  if (former === undefined || log === undefined) throw new Error('nothing was moved')
  expect(store.moves.isMoving(log)).toBe(true)
  await store.moves.rename('orders-0', former)
  expect(store.moves.isMoving(log)).toBe(false)
})
