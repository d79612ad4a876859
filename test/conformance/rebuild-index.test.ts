import { cpSync, mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ktool } from '../ktool.ts'
import { seedOfRun } from '../random.ts'
import { java } from './kafka/java.ts'
import { type OwnKafka, startOwnKafka } from './kafka/start-own.ts'

const golden = fileURLToPath(new URL('../golden/disk/segments/', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'ktool-rebuild-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const cases = [
  'roll-size',
  'txn-v2',
  'compact-txn',
  'compact-purge',
  'idempotent',
  'unclean',
  'mixed-magic',
  'v0-082-none',
  'v1-102-none',
  'v2-011',
]

it('is given indexes by ktool that kafka-dump-log finds sound, for logs of every age', async () => {
  const copies = cases.map((name) => {
    const folder = join(scratch, `${name}-0`)
    cpSync(join(golden, name, `${name}-0`), folder, { recursive: true, preserveTimestamps: true })
    loseIndexes(folder)
    return folder
  })
  // Small enough for these small logs to have entries.
  await rebuild(copies, '--index-interval-bytes', '256')
  await checkIndexes(copies)
})

const seed = seedOfRun()
const folders = ['orders-0', 'orders-1', 'orders-2', 'ledger-0', 'ledger-1']

describe(`a broker whose indexes were lost and rebuilt, seed ${seed}`, () => {
  let kafka: OwnKafka
  let before: Record<string, unknown>
  let whileAlive: Awaited<ReturnType<typeof ktool>>

  beforeAll(async () => {
    kafka = await startOwnKafka('rebuild-index')
    try {
      await java('LogDirectoryWorkload', ['fill', String(kafka.port), String(seed)])
      before = await ask(kafka)
      whileAlive = await ktool([
        'segments',
        'rebuild-index',
        join(kafka.logDir, 'orders-0'),
        '--yes',
        '-o',
        'json',
      ])
    } finally {
      await kafka.stop()
    }
  }, 120_000)

  afterAll(() => kafka?.remove())

  it('keeps ktool from rebuilding them while it is alive', () => {
    expect(whileAlive.status).toBe(1)
    expect(JSON.parse(whileAlive.stdout.toString())).toMatchObject({
      items: [],
      errors: [{ code: 'directory-in-use', message: expect.stringMatching(/process \d+ holds its \.lock/) }],
    })
  })

  it('starts on them, among the backups, and finds every offset and time as before', async () => {
    const paths = folders.map((name) => join(kafka.logDir, name))
    for (const path of paths) loseIndexes(path)
    await rebuild(paths)
    await checkIndexes(paths)
    for (const path of paths)
      expect(readdirSync(path).some((file) => file.includes('.timeindex.backup-'))).toBe(true)
    const backups = backupsIn(kafka.logDir)

    const again = await startOwnKafka('rebuild-index-again', { former: kafka })
    try {
      const after = await ask(again)
      for (const name of folders) expect(after[name], name).toEqual(before[name])
    } finally {
      await again.stop()
    }
    expect(backupsIn(kafka.logDir)).toEqual(backups)
  })
})

/** As if files were lost or cut short; transaction indexes are what readers of committed records go by. */
function loseIndexes(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (/\.(index|txnindex)$/.test(name)) rmSync(join(folder, name))
    if (name.endsWith('.timeindex')) truncateSync(join(folder, name), 0)
  }
}

async function rebuild(paths: string[], ...flags: string[]): Promise<void> {
  const { status, stderr } = await ktool(['segments', 'rebuild-index', ...paths, '--yes', '-q', ...flags])
  expect([status, stderr]).toEqual([0, ''])
}

async function checkIndexes(paths: string[]): Promise<void> {
  const files = paths.flatMap((path) =>
    readdirSync(path)
      .filter((name) => /\.(index|timeindex)$/.test(name))
      .map((name) => join(path, name)),
  )
  const dump = (flag: string) =>
    java('org.apache.kafka.tools.DumpLogSegments', [flag, '--files', files.join(',')])
  const [sanity, verified] = await Promise.all([dump('--index-sanity-check'), dump('--verify-index-only')])
  const sound = sanity.split('\n').filter((line) => /(passed sanity check|is empty)\.$/.test(line))
  expect(sound).toHaveLength(files.length)
  expect(verified).not.toMatch(/mismatch|found|exception/i)
}

function backupsIn(logDir: string): string[] {
  return folders.flatMap((name) =>
    readdirSync(join(logDir, name)).filter((file) => file.includes('.backup-')),
  )
}

async function ask({ port }: OwnKafka): Promise<Record<string, unknown>> {
  return JSON.parse(await java('LogDirectoryWorkload', ['ask', String(port), String(seed)]))
}
