import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { openPartitionFolder } from '../../../../src/lib/log/partition-folder.ts'
import { type BesideFacts, verifyPartition } from '../../../../src/lib/log/verify/verify-partition.ts'
import { MemoryDisk } from '../hostile/memory-disk.ts'
import { pathInDisk } from '../lookup/golden-partitions.ts'

const turns = { isDue: () => false, turn: async () => {} }
const nowMs = Date.UTC(2026, 0, 1)
const alone: BesideFacts = {
  logStartOffset: undefined,
  highWatermark: undefined,
  recoveryPoint: undefined,
  cleanerOffset: undefined,
  nextStart: null,
  isAlive: false,
  isKraft: false,
}

type Files = Map<string, Buffer>

const idempotent = 'segments/idempotent/idempotent-0'
const transactional = 'segments/txn-v2/txn-v2-0'

describe('damage that golden copies have', () => {
  test.each<[string, string[]]>([
    ['base-sequence-gap-crc-fixed', ['27.log sequence-gap 1104', '27.log sequence-gap 1653']],
    ['bomb-zstd', ['51.log records-decompression-limit 2327']],
    ['codec-7-crc-fixed', ['27.log records-unknown-codec 1104']],
    ['duplicate-batch', ['27.index index-wrong', '27.log offsets-backwards 1104']],
    ['epoch-file-garbage', ['leader-epoch-checkpoint epochs-corrupt']],
    ['flip-leader-epoch', ['27.log leader-epoch-unknown 1104']],
    ['flip-length-low', ['27.log batch-length 1104']],
    ['flip-magic', ['27.log batch-magic 1104']],
    ['garbage-middle-segment-tail', ['27.log batch-magic 4470']],
    ['garbage-tail-5', ['51.log batch-cut 2327']],
    ['gzip-payload-crc-fixed', ['51.log records-decompression-failed 1635']],
    ['index-missing', ['0.index index-missing', '27.index index-missing', '51.index index-missing']],
    ['index-zeros', ['27.index index-zeros 0']],
    [
      'leftover-cleaned',
      ['0.index.cleaned', '0.log.cleaned', '0.timeindex.cleaned'].map((name) => `${name} leftover-cleaned`),
    ],
    [
      'leftover-swap',
      ['27.index.swap', '27.log.swap', '27.timeindex.swap'].map((name) => `${name} leftover-swap`),
    ],
    ['missing-middle-segment', ['27.snapshot snapshot-stray', '51.log segment-gap']],
    ['record-count-too-big-crc-fixed', ['27.log records-corrupt-record 1104']],
    ['snapshot-crc', ['84.snapshot snapshot-corrupt']],
    ['timeindex-not-multiple', ['27.timeindex index-size']],
    ['trunc-last-clean-boundary', ['51.timeindex index-wrong 48', '84.snapshot snapshot-beyond-end']],
    ['zero-tail', ['51.log batch-zeros 2327']],
  ])('%s', async (name, expected) => {
    const { findings } = await verified(filesOf(`corrupt/cases/${name}/victim-0`))
    const told = findings.map(placeOf)
    expect(told.map((line) => (expected.includes(line) ? line : line.replace(/ \d+$/, '')))).toEqual(expected)
  })
})

describe('damage of the files beside the logs', () => {
  it.each<[string, string, (files: Files) => void, string]>([
    [
      'a snapshot is gone, as all are',
      idempotent,
      (files) => remove(files, '.snapshot'),
      'snapshot-missing warning',
    ],
    [
      'an index is left of a log that is gone',
      idempotent,
      (files) => files.set(nameOf(7, 'index'), Buffer.alloc(8)),
      'orphan-index warning',
    ],
    [
      'an epoch begins beyond the end',
      idempotent,
      (files) => files.set('leader-epoch-checkpoint', Buffer.from('0\n2\n0 0\n4 99999\n')),
      'epochs-beyond-end warning',
    ],
    [
      'epochs are out of order',
      idempotent,
      (files) => files.set('leader-epoch-checkpoint', Buffer.from('0\n2\n4 0\n3 1\n')),
      'epochs-order warning',
    ],
    [
      'the topic id is garbage',
      idempotent,
      (files) => files.set('partition.metadata', Buffer.from('version: 7')),
      'partition-metadata error',
    ],
    [
      'a log has no base offset',
      idempotent,
      (files) => files.set('orders.log', Buffer.alloc(0)),
      'log-name error',
    ],
    [
      'an aborted transaction has no marker',
      transactional,
      (files) => change(files, '.txnindex', (bytes) => bytes.writeBigInt64BE(1n, 18)),
      'txnindex-wrong warning',
    ],
    [
      'a transaction index ends inside of an entry',
      transactional,
      (files) => cut(files, '.txnindex', 5),
      'txnindex-size warning',
    ],
    [
      'a transaction index has an unknown version',
      transactional,
      (files) => change(files, '.txnindex', (bytes) => bytes.writeInt16BE(9, 0)),
      'txnindex-corrupt warning',
    ],
    [
      'a time index is empty',
      idempotent,
      (files) => files.set(first(files, '.timeindex'), Buffer.alloc(0)),
      'timeindex-empty warning',
    ],
    [
      'a time index says of a time that was not yet',
      idempotent,
      (files) => change(files, '.timeindex', (bytes) => bytes.writeBigInt64BE(1_800_000_000_000n, 0)),
      'index-wrong warning',
    ],
    [
      'zeros stand in the log of a segment that is complete',
      idempotent,
      (files) => append(files, '.log', Buffer.alloc(100)),
      'batch-zeros error',
    ],
  ])('is told of: %s', async (_title, path, damage, expected) => {
    const files = filesOf(path)
    expect((await verified(files)).findings).toEqual([])
    damage(files)
    const { findings } = await verified(files)
    expect(findings.map(({ code, severity }) => `${code} ${severity}`)).toContain(expected)
  })

  it.each([
    ['logStartOffset', 'log-start-beyond-end'],
    ['highWatermark', 'high-watermark-beyond-end'],
    ['recoveryPoint', 'recovery-point-beyond-end'],
  ])('is told of where the checkpoint of the %s knows more than the log', async (key, code) => {
    const files = filesOf(idempotent)
    const { lastOffset } = await verified(files)
    const end = Number(lastOffset) + 1
    expect((await verified(files, { ...alone, [key]: end })).findings).toEqual([])
    const { findings } = await verified(files, { ...alone, [key]: end + 1 })
    expect(findings.map(({ code: each, severity }) => [each, severity])).toEqual([[code, 'error']])
  })

  it('is told of a folder without a topic id where brokers go by these', async () => {
    const files = filesOf(idempotent)
    files.delete('partition.metadata')
    const of = async (beside: BesideFacts) => (await verified(files, beside)).findings.map(({ code }) => code)
    expect(await of(alone)).toEqual([])
    expect(await of({ ...alone, isKraft: true })).toEqual(['partition-metadata-missing'])
    expect(await of({ ...alone, isKraft: true, isAlive: true })).toEqual([])
  })
})

describe('what is no damage', () => {
  it('are the gaps that the cleaner leaves, of which its checkpoint may tell', async () => {
    const files = filesOf('corrupt/cases/missing-middle-segment/victim-0')
    remove(files, '27.snapshot')
    const codes = async (beside: BesideFacts) =>
      (await verified(files, beside)).findings.map(({ code }) => code)
    expect(await codes(alone)).toEqual(['segment-gap'])
    expect(await codes({ ...alone, cleanerOffset: 84 })).toEqual([])
  })

  it.each([
    ['.index', idempotent],
    ['.timeindex', idempotent],
    ['.txnindex', transactional],
  ])('is a file %s that came after the folder was listed', async (kind, path) => {
    const files = filesOf(path)
    const listed = new Map(files)
    listed.delete([...listed.keys()].filter((name) => name.endsWith(kind)).at(-1) ?? '')
    expect((await verified(listed)).findings.length).toBeGreaterThan(0)
    expect((await verified(files, alone, listed)).findings).toEqual([])
  })

  it('is room at the end of an active log, but only if its broker was killed', async () => {
    const files = filesOf('segments/preallocate/preallocate-0')
    const of = async (beside: BesideFacts) =>
      (await verified(files, beside)).findings
        .filter(({ file }) => file.endsWith('.log'))
        .map(({ code }) => code)
    expect(await of(alone)).toEqual(['log-preallocated'])
    expect(await of({ ...alone, nextStart: 'clean' })).toEqual(['batch-zeros'])
  })
})

function placeOf({ file, code, position }: { file: string; code: string; position: number | null }): string {
  const name = file.replace(/^0+(?=\d)/, '')
  return `${name} ${code}${position === null ? '' : ` ${position}`}`
}

function verified(files: Files, beside = alone, listed = files) {
  const folder = openPartitionFolder(diskOf(listed), '/logs/victim-0')
  return verifyPartition(diskOf(files), folder, beside, { nowMs, turns })
}

function diskOf(files: Files): MemoryDisk {
  return new MemoryDisk(new Map([...files].map(([name, bytes]) => [`/logs/victim-0/${name}`, bytes])))
}

function filesOf(path: string): Files {
  const folder = pathInDisk(path)
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]))
}

/** The first that is not empty. */
function first(files: Files, ending: string): string {
  const names = [...files.keys()].sort().filter((name) => name.endsWith(ending))
  return names.find((name) => (files.get(name)?.length ?? 0) > 0) ?? expect.fail(`no ${ending}`)
}

function change(files: Files, ending: string, how: (bytes: Buffer) => void): void {
  const name = first(files, ending)
  const bytes = Buffer.from(files.get(name) ?? [])
  how(bytes)
  files.set(name, bytes)
}

function cut(files: Files, ending: string, sizeBytes: number): void {
  const name = first(files, ending)
  files.set(name, files.get(name)?.subarray(0, -sizeBytes) ?? expect.fail())
}

function append(files: Files, ending: string, more: Buffer): void {
  const name = first(files, ending)
  files.set(name, Buffer.concat([files.get(name) ?? expect.fail(), more]))
}

function remove(files: Files, ending: string): void {
  for (const name of [...files.keys()]) if (name.endsWith(ending)) files.delete(name)
}

function nameOf(baseOffset: number, kind: string): string {
  return `${String(baseOffset).padStart(20, '0')}.${kind}`
}
