import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseMetaProperties } from '../../../../src/lib/log/files/meta-properties.ts'
import { brokerInProcess } from '../../../support/broker-in-process.ts'

let folder: string
let [one, two, six]: string[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ktool-directories-'))
  one = join(folder, 'one')
  two = join(folder, 'two')
  six = join(folder, 'six')
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A broker starts on these, and stops. What it leaves is what it found, if it refuses. */
async function run(paths: readonly (string | undefined)[], more: object = {}): Promise<void> {
  const topics = [{ name: 'orders', partitions: 2 }]
  const dataDirs = paths.map((path) => path ?? '')
  await (await brokerInProcess({ dataDirs, topics, ...more })).stop()
}

function meta(path = '') {
  return parseMetaProperties(readFileSync(join(path, 'meta.properties')))
}

/** Names of all files and folders, but for such as say that somebody is here. */
function everything(): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
}

async function refused(paths: readonly (string | undefined)[]): Promise<unknown> {
  const before = everything()
  const cause = await run(paths).catch((error: unknown) => error)
  expect(everything()).toEqual(before)
  return cause
}

describe('several directories', () => {
  it('are formatted for one broker, each with an id of its own, and marked when it stops', async () => {
    await run([one, two])
    expect(meta(two)).toMatchObject({ clusterId: meta(one).clusterId, nodeId: 1 })
    expect(meta(two).directoryId).not.toBe(meta(one).directoryId)
    for (const path of [one, two]) {
      expect(readdirSync(path ?? '')).toEqual(
        expect.arrayContaining([
          '.kafka_cleanshutdown',
          'bootstrap.checkpoint',
          'log-start-offset-checkpoint',
          'recovery-point-offset-checkpoint',
          'replication-offset-checkpoint',
        ]),
      )
    }
    expect([existsSync(join(one ?? '', 'orders-0')), existsSync(join(two ?? '', 'orders-1'))]).toEqual([
      true,
      true,
    ])
    expect(existsSync(join(two ?? '', '__cluster_metadata-0'))).toBe(false)
  })

  it('become more with one that is empty, and fewer without one in which nothing lies', async () => {
    await run([one])
    await run([one, two])
    expect(meta(two).clusterId).toBe(meta(one).clusterId)
    await run([one])
  })

  it('have the metadata log in a place of its own, if that is said', async () => {
    await run([one, two], { metadataDir: six })
    expect(readdirSync(six ?? '')).toEqual([
      '__cluster_metadata-0',
      'bootstrap.checkpoint',
      'meta.properties',
    ])
    await run([one, two], { metadataDir: six })
  })

  it('are refused where one is missing in which partitions lie', async () => {
    await run([one, two])
    expect(await refused([one])).toMatchObject({
      code: 'several-directories',
      message: `${one} is one of several log directories of its broker, and 1 of them is not named: there lie orders-1`,
    })
    mkdirSync(six ?? '')
    expect(await refused([one, six])).toMatchObject({ code: 'several-directories' })
    expect(await refused([two])).toMatchObject({ code: 'damaged-metadata' })
  })

  it('are refused in an order in which the metadata log is not in the first', async () => {
    await run([one, two])
    expect(await refused([two, one])).toMatchObject({ code: 'metadata-elsewhere' })
  })

  it('are refused if they are of two brokers, or one is a copy of the other', async () => {
    await run([one])
    await run([six])
    expect(await refused([one, six])).toMatchObject({ code: 'other-directory' })
    cpSync(one ?? '', two ?? '', { recursive: true })
    expect(await refused([one, two])).toMatchObject({ code: 'copied-directory' })
  })

  it('are refused with two folders of one partition', async () => {
    await run([one, two])
    cpSync(join(two ?? '', 'orders-1'), join(one ?? '', 'orders-1'), { recursive: true })
    const cause = await refused([one, two])
    expect(cause).toMatchObject({
      code: 'duplicate-folders',
      message: expect.stringContaining('orders-1 lies in two log directories'),
    })
    rmSync(join(two ?? '', 'orders-1'), { recursive: true })
    await run([one, two])
  })

  it('get the name of a partition back where a crash left but the copy of it', async () => {
    await run([one, two])
    const copy = join(two ?? '', 'orders-0.0123456789abcdef0123456789abcdef-future')
    renameSync(join(one ?? '', 'orders-0'), copy)
    await run([one, two])
    expect(existsSync(join(two ?? '', 'orders-0'))).toBe(true)
  })
})
