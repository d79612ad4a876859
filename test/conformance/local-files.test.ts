import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ktool } from '../ktool.ts'
import { startLocalBroker } from './clients/local-broker.ts'
import { java } from './kafka/java.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'ktool-local-files-'))

/** What a Java client leaves behind: records of a group's topic, transactions, commits, in small segments too. */
beforeAll(async () => {
  const local = await startLocalBroker(['--data-dir', dataDir])
  const at = ['--bootstrap-server', local.bootstrap]
  await java('ClientWorkload', [local.bootstrap, 'files'])
  const small = ['--config', 'internal.segment.bytes=20000', '--config', 'index.interval.bytes=500']
  await java('org.apache.kafka.tools.TopicCommand', ['--create', '--topic', 'small', ...small, ...at])
  await java('org.apache.kafka.tools.VerifiableProducer', [
    '--topic',
    'small',
    '--max-messages',
    '20000',
    ...at,
  ])
  expect(await local.stop()).toBe(0)
}, 120_000)

afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

describe('the files of the local broker', () => {
  it('are whole to kafka-dump-log: batches, records, indexes, snapshots of producers', async () => {
    const files = filesOf(/\.(log|index|timeindex|txnindex|snapshot)$/).filter(
      (file) => !file.includes('__cluster'),
    )
    expect(files.filter((file) => file.includes('small-0') && file.endsWith('.log')).length).toBeGreaterThan(
      5,
    )
    const said = await java('org.apache.kafka.tools.DumpLogSegments', [
      ...['--deep-iteration', '--files', files.join(',')],
    ])
    expect(said.match(/^baseOffset: .* isvalid: true$/gm)?.length).toBeGreaterThan(20)
    expect(said).not.toMatch(/isvalid: false|Mismatches|invalid bytes|not monotonic|corrupt/i)
  })

  it('are those of a KRaft node to the decoder of its metadata', async () => {
    const files = filesOf(/\.log$/).filter((file) => file.includes('__cluster_metadata-0'))
    const said = await java('org.apache.kafka.tools.DumpLogSegments', [
      ...['--cluster-metadata-decoder', '--files', files.join(',')],
    ])
    for (const record of [
      'FEATURE_LEVEL_RECORD',
      'REGISTER_BROKER_RECORD',
      'TOPIC_RECORD',
      'PARTITION_RECORD',
    ]) {
      expect(said).toContain(`"type":"${record}"`)
    }
    expect(said).not.toMatch(/isvalid: false|could not|unknown/i)
  })

  it('are sound to segments verify', async () => {
    const { stdout } = await ktool(['segments', 'verify', dataDir, '-o', 'jsonl'])
    const rows = stdout
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(rows.length).toBeGreaterThan(50)
    expect(rows.filter(({ verdict }) => verdict !== 'ok')).toEqual([])
  })
})

function filesOf(name: RegExp): string[] {
  return readdirSync(dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && name.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
}
