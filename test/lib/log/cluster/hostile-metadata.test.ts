import { beforeAll, describe, expect, it } from 'vitest'
import { type MetadataRead, readMetadataLog } from '../../../../src/lib/log/cluster/metadata-log.ts'
import { openPartitionFolder } from '../../../../src/lib/log/partition-folder.ts'
import { scanBatches } from '../../../../src/lib/records/scan-batches.ts'
import { resealedLog } from '../hostile/reseal.ts'
import { patienceMs, sayChoice, tryMutants } from '../hostile/run.ts'
import { diskOf, type Files, goldenFiles } from './golden-directories.ts'

const AMOUNT = { part: 400, whole: 'flips and truncations' } as const

beforeAll(sayChoice)

interface Case {
  readonly what: string
  readonly directory: string
  readonly file: RegExp
}

const log: Case = { what: 'log', directory: 'cluster-3/node2', file: /metadata-0\/0{20}\.log$/ }
const snapshot: Case = {
  what: 'snapshot',
  directory: 'kraft-431/data0',
  file: /0000000002\.checkpoint$/,
}

describe('a metadata log that somebody broke', () => {
  it.each([log, snapshot])(
    'says so, or says what it said: the $what',
    { timeout: patienceMs },
    async (the) => {
      const { files, path, bytes } = filesOf(the)
      const whole = read(files, the.directory)
      expect(whole).toMatchObject({ isWhole: true, problems: [] })
      let told = 0
      await tryMutants({ name: the.what, bytes }, AMOUNT, (mutant) => {
        const found = read(new Map([...files, [path, mutant.bytes]]), the.directory)
        if (found.problems.length > 0) told++
        else if (!endsEarlier(bytes, mutant.bytes)) expect(withoutEnd(found)).toEqual(withoutEnd(whole))
      })
      expect(told).toBeGreaterThan(0)
    },
  )

  it.each([log, snapshot])(
    'is read to some end, checksums or not: the $what',
    {
      timeout: patienceMs,
    },
    async (the) => {
      const { files, path, bytes } = filesOf(the)
      await tryMutants({ name: the.what, bytes }, AMOUNT, (mutant) => {
        const found = read(new Map([...files, [path, resealedLog(mutant.bytes)]]), the.directory)
        if (!found.isWhole) expect(found.problems).not.toEqual([])
      })
    },
  )

  it.each([
    ['is gone', (files: Files, path: string) => void files.delete(path)],
    ['is cut', (files: Files, path: string, bytes: Buffer) => void files.set(path, bytes.subarray(0, -1))],
  ])('is made from the log where that goes back to the start and the snapshot %s', (_, spoil) => {
    const { files, path, bytes } = filesOf(snapshot)
    const { image } = read(files, snapshot.directory)
    spoil(files, path, bytes)
    const found = read(files, snapshot.directory)
    expect(found.isWhole).toBe(true)
    expect(found.image).toMatchObject({ topics: image.topics, acls: image.acls, configs: image.configs })
  })
})

function filesOf({ directory, file }: Case): { files: Files; path: string; bytes: Buffer } {
  const files = goldenFiles(directory)
  const path = [...files.keys()].find((each) => file.test(each)) ?? expect.fail(`nothing is called ${file}`)
  return { files, path, bytes: files.get(path) ?? Buffer.of() }
}

function read(files: Files, directory: string): MetadataRead {
  const disk = diskOf(files)
  return readMetadataLog(disk, openPartitionFolder(disk, `/${directory}/__cluster_metadata-0`))
}

/** Offsets and epochs of batches lie outside of their checksums, and the end of the log is told by them. */
function withoutEnd({ image: { endOffset: _, epoch: __, ...image } }: MetadataRead): unknown {
  return image
}

/** What ends at a batch's end, or within its last batch, is a log that was not written any further. */
function endsEarlier(before: Buffer, after: Buffer): boolean {
  const sealed = (bytes: Buffer) =>
    [...scanBatches(bytes)].filter((found) => found.kind === 'batch' && found.damage() === null).length
  return sealed(after) < sealed(before) || after.length < before.length
}
