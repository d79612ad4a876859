import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseLeaderEpochs } from '../../src/lib/log/files/leader-epoch-checkpoint.ts'
import { parsePartitionMetadata } from '../../src/lib/log/files/partition-metadata.ts'
import { readCheckpoints } from '../../src/lib/log/log-directory.ts'
import { openPartitionFolder, type PartitionFolder } from '../../src/lib/log/partition-folder.ts'
import { type LogStore, openLogStore } from '../../src/lib/log/write/log-store.ts'
import type { WritableLog } from '../../src/lib/log/write/writable-log.ts'
import { systemClock } from '../../src/lib/ports/clock.ts'
import { systemRandom } from '../../src/lib/ports/random.ts'
import { systemDisk } from '../../src/lib/ports/system-disk.ts'
import { scanBatches } from '../../src/lib/records/scan-batches.ts'
import { ktool } from '../ktool.ts'
import { defaults } from '../lib/log/write/log-rig.ts'
import { seedOfRun } from '../random.ts'
import { java } from './kafka/java.ts'
import { logs } from './kafka/places.ts'
import { type OwnKafka, startOwnKafka } from './kafka/start-own.ts'

const seed = seedOfRun()
const scratch = mkdtempSync(join(tmpdir(), 'ktool-written-'))
/** As the broker keeps the indexes of these tests. */
const settings = { ...defaults, segmentIndexBytes: 1 << 16, retentionMs: -1 }
const ports = {
  clock: systemClock(process.hrtime),
  random: systemRandom,
  disk: systemDisk,
  log: { log: () => {} },
}

let kafka: OwnKafka
let before: Record<string, unknown>
/** The folders of the broker's partitions, as it closed them. */
let folders: PartitionFolder[]

beforeAll(async () => {
  kafka = await startOwnKafka('written-log')
  try {
    await java('LogDirectoryWorkload', ['fill', String(kafka.port), String(seed)])
    before = await ask(kafka)
  } finally {
    await kafka.stop()
  }
  cpSync(kafka.logDir, join(scratch, 'kafka'), { recursive: true })
  folders = readdirSync(join(scratch, 'kafka'))
    .filter((name) => /-\d+$/.test(name) && name !== '__cluster_metadata-0')
    .map((name) => openPartitionFolder(systemDisk, join(scratch, 'kafka', name)))
}, 120_000)

afterAll(() => {
  kafka?.remove()
  rmSync(scratch, { recursive: true, force: true })
})

describe(`a broker of Kafka whose partitions ktool has written, seed ${seed}`, () => {
  it('recovers nothing after a clean stop, and answers every question about offsets and times as before', async () => {
    const store = await writeAnew()
    await store.close(store.previousBrokerEpoch)
    await verify()
    const after = await askAnother('written-log-clean')
    expect(after).toEqual(before)
    expect(kafkaSaid('written-log-clean')).not.toMatch(
      /recovering|rebuilding segment|truncat|corrupt|unflushed/i,
    )
  })

  it('recovers them after a kill, to the same end', async () => {
    const store = await writeAnew()
    await store.writeCheckpoints()
    store.discard()
    const after = await askAnother('written-log-killed')
    expect(after).toEqual(before)
    expect(kafkaSaid('written-log-killed')).toMatch(/recovering unflushed segment/i)
    expect(kafkaSaid('written-log-killed')).not.toMatch(/truncat|corrupt/i)
  })
})

/** The broker's own directory, in which every partition is what ktool makes of the batches that were in it. */
async function writeAnew(): Promise<LogStore> {
  rmSync(kafka.logDir, { recursive: true })
  cpSync(join(scratch, 'kafka'), kafka.logDir, { recursive: true })
  for (const { name } of folders) rmSync(join(kafka.logDir, name), { recursive: true })
  const store = await openLogStore(ports, { logDirs: [kafka.logDir], metadataDir: kafka.logDir })
  await store.openMetadataLog(settings)
  const { logStartOffset } = readCheckpoints(systemDisk, join(scratch, 'kafka'))
  for (const folder of folders) {
    const log = copyOf(store, folder)
    log.raiseHighWatermark(log.logEndOffset)
    log.raiseLogStart(Number(logStartOffset.value?.get(folder.name) ?? 0))
  }
  return store
}

function copyOf(store: LogStore, { path, said, segments }: PartitionFolder): WritableLog {
  const topicId = parsePartitionMetadata(readFileSync(join(path, 'partition.metadata')))
  const epochs = parseLeaderEpochs(readFileSync(join(path, 'leader-epoch-checkpoint')))
  const log = store.create(said?.topic ?? '', said?.partition ?? 0, topicId, settings)
  for (const segment of segments) {
    log.roll()
    for (const batch of scanBatches(readFileSync(segment.log.path))) {
      if (batch.kind !== 'batch') throw new Error(batch.finding)
      for (const { epoch, startOffset } of epochs) if (startOffset <= batch.lastOffset) log.beginEpoch(epoch)
      log.append(batch.raw)
    }
  }
  return log
}

async function verify(): Promise<void> {
  const { status, stdout } = await ktool(['segments', 'verify', kafka.logDir, '-o', 'json'])
  const { items } = JSON.parse(stdout.toString())
  expect([status, items.filter(({ findings }: { findings: unknown[] }) => findings.length > 0)]).toEqual([
    0,
    [],
  ])
}

async function askAnother(name: string): Promise<Record<string, unknown>> {
  const again = await startOwnKafka(name, { former: kafka })
  try {
    return await ask(again)
  } finally {
    await again.stop()
  }
}

/** Of the partitions; the metadata log is always looked through. */
function kafkaSaid(name: string): string {
  const lines = readFileSync(`${logs}${name}.log`, 'utf8').split('\n')
  return lines.filter((line) => !line.includes('__cluster_metadata')).join('\n')
}

async function ask({ port }: OwnKafka): Promise<Record<string, unknown>> {
  const answers = JSON.parse(await java('LogDirectoryWorkload', ['ask', String(port), String(seed)]))
  // What is compacted has segments that were emptied, as nobody writes them.
  return Object.fromEntries(Object.entries(answers).filter(([name]) => !name.startsWith('latest-')))
}
