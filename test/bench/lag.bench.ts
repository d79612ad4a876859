/**
 * `ktool lag --log-dir` on a broker's directory with 1,000 groups that have committed 100 partitions each, five
 * times over: the whole process, its start and its output included. The held limit is in seconds.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { coordinatorPartition } from '../../src/lib/bytes/java-hash.ts'
import { offsetCommit } from '../../src/lib/protocol/records/classic-group-records.ts'
import { BatchWriter } from '../../src/lib/records/batch-writer.ts'

const HELD_SECONDS = 3
const GROUPS = 1000
const PARTITIONS = 100
const ROUNDS = 5
const COORDINATOR_PARTITIONS = 50
const RECORDS_OF_A_TOPIC = 1000
const START_MS = 1_760_000_000_000
const FIRST_LOG = '00000000000000000000.log'

const ktool = fileURLToPath(new URL('../../bin/ktool.js', import.meta.url))

/** One batch a commit, as clients do it, of all the partitions that a member has. */
function commitLogs(): Buffer[][] {
  const logs = Array.from({ length: COORDINATOR_PARTITIONS }, (): Buffer[] => [])
  const ends = logs.map(() => 0)
  for (let round = 1; round <= ROUNDS; round++) {
    for (let group = 0; group < GROUPS; group++) {
      const name = `service-${group}`
      const at = coordinatorPartition(name, COORDINATOR_PARTITIONS)
      const writer = new BatchWriter({ baseOffset: ends[at] ?? 0, partitionLeaderEpoch: 0 })
      for (let partition = 0; partition < PARTITIONS; partition++) {
        writer.append(commit(name, partition, round * 100))
      }
      logs[at]?.push(writer.finish())
      ends[at] = (ends[at] ?? 0) + PARTITIONS
    }
  }
  return logs
}

function commit(group: string, partition: number, offset: number) {
  const topic = `topic-${partition % 10}`
  const value = { offset: BigInt(offset), metadata: '', commitTimestamp: BigInt(START_MS) }
  return {
    timestamp: START_MS,
    key: offsetCommit.key.encodeFramed({ group, topic, partition }, 0),
    value: offsetCommit.value.encodeFramed({ ...offsetCommit.value.message.create(), ...value }, 3),
  }
}

function topicLog(): Buffer {
  const writer = new BatchWriter({ baseOffset: 0, partitionLeaderEpoch: 0 })
  for (let i = 0; i < RECORDS_OF_A_TOPIC; i++) {
    writer.append({ timestamp: START_MS + i, key: null, value: Buffer.alloc(100) })
  }
  return writer.finish()
}

function makeDirectory(path: string): number {
  const folders: [string, Buffer][] = commitLogs().map((batches, i) => [
    `__consumer_offsets-${i}`,
    Buffer.concat(batches),
  ])
  const log = topicLog()
  for (let partition = 0; partition < PARTITIONS; partition++) {
    folders.push([`topic-${partition % 10}-${partition}`, log])
  }
  for (const [name, bytes] of folders) {
    mkdirSync(join(path, name))
    writeFileSync(join(path, name, FIRST_LOG), bytes)
  }
  writeFileSync(join(path, 'meta.properties'), 'version=0\nbroker.id=1\n')
  const lines = folders.map(([name]) => `${name.replace(/-(\d+)$/, ' $1')} ${RECORDS_OF_A_TOPIC}`)
  writeFileSync(join(path, 'replication-offset-checkpoint'), `0\n${lines.length}\n${lines.join('\n')}\n`)
  return folders.reduce((sum, [name, { length }]) => (name.startsWith('__') ? sum + length : sum), 0)
}

function secondsOf(path: string, format: string): number {
  const out = openSync('/dev/null', 'w')
  const start = process.hrtime.bigint()
  const { status } = spawnSync(process.execPath, [ktool, 'lag', '--log-dir', path, '-o', format], {
    stdio: ['ignore', out, 'inherit'],
  })
  if (status !== 0) throw new Error(`ktool lag ended with ${status}`)
  return Number(process.hrtime.bigint() - start) / 1e9
}

const folder = mkdtempSync(join(tmpdir(), 'ktool-lag-'))
try {
  const sizeBytes = makeDirectory(folder)
  console.log(
    `${GROUPS} groups × ${PARTITIONS} partitions, ${ROUNDS} commits each: ${(sizeBytes / 2 ** 20).toFixed(0)} MiB of commits`,
  )
  for (const format of ['table', 'jsonl', 'json', 'csv']) {
    const best = Math.min(...Array.from({ length: 3 }, () => secondsOf(folder, format)))
    console.log(`ktool lag -o ${format.padEnd(6)} best ${best.toFixed(2)} s (held to ${HELD_SECONDS} s)`)
    if (best > HELD_SECONDS) process.exitCode = 1
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
