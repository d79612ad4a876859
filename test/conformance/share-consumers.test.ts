import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { brokerInProcess } from '../support/broker-in-process.ts'
import { java } from './kafka/java.ts'

const settings = {
  'offsets.topic.num.partitions': '1',
  'share.coordinator.state.topic.num.partitions': '1',
  'group.share.assignment.interval.ms': '0',
}

/** As Apache Kafka 4.3.1 has the same program print it. */
const expected = [
  'done 30 again {k7=3}',
  'members 2 Stable',
  'lags {jobs-0=0, jobs-1=0, jobs-2=0}',
  'lags {jobs-0=5, jobs-1=0, jobs-2=0}',
  'implicit [5, 6, 7, 8, 9]',
  'left []',
]

it('Java’s share consumers and admin client do on the local broker what they do on Apache Kafka', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'ktool-share-'))
  try {
    const rig = await brokerInProcess({ dataDir, settings })
    const said = await java('ShareWorkload', [rig.bootstrap])
    expect(said.trim().split('\n')).toEqual(expected)
    await rig.stop()
    const log = join(dataDir, '__share_group_state-0', '00000000000000000000.log')
    expect(existsSync(log)).toBe(true)
    const args = ['--share-group-state-decoder', '--files', log]
    const dumped = await java('org.apache.kafka.tools.DumpLogSegments', args)
    const payloads = dumped.split('\n').filter((line) => line.includes('payload: '))
    // Three partitions initialised, one of them twice, and taken away in the end.
    expect(payloads.filter((line) => line.includes('"createTimestamp"'))).toHaveLength(4)
    expect(payloads.filter((line) => line.includes('payload: <DELETE>'))).toHaveLength(3)
    expect(payloads.filter((line) => line.includes('"deliveryState":2')).length).toBeGreaterThan(3)
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}, 90_000)
