import { spawn } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import type { FaultWish } from '../../src/lib/broker/faults/parse-fault.ts'
import { type BrokerInProcess, brokerInProcess } from '../support/broker-in-process.ts'

/** What librdkafka, which shares no code with us, makes of a local broker that fails. */

interface Ran {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

function kcat(args: readonly string[], input = ''): Promise<Ran> {
  const child = spawn('kcat', args)
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => {
    stdout += String(chunk)
  })
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk)
  })
  child.stdin.end(input)
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, stdout, stderr })))
}

async function withFault(fault: FaultWish, work: (running: BrokerInProcess) => Promise<void>): Promise<void> {
  await using running = await brokerInProcess({ topics: [{ name: 'orders', partitions: 1 }] })
  running.broker.faults.add(fault)
  await work(running)
}

const produce = ({ bootstrap }: BrokerInProcess, ...settings: string[]) =>
  kcat(['-P', '-b', bootstrap, '-t', 'orders', ...settings.flatMap((one) => ['-X', one])], 'paid\n')

const consume = ({ bootstrap }: BrokerInProcess, ...settings: string[]) =>
  kcat(['-C', '-b', bootstrap, '-t', 'orders', '-e', '-q', ...settings.flatMap((one) => ['-X', one])])

const written = ({ broker }: BrokerInProcess) => broker.node.partitions.get('orders', 0)?.logEndOffset

describe('librdkafka', () => {
  // A kcat whose only broker cuts it off gives up by itself; kafkajs goes on, and has tests for that.
  it('writes once and for all through an error that it is to try again', () =>
    withFault({ api: 'Produce', error: 'NOT_LEADER_OR_FOLLOWER', times: 2 }, async (running) => {
      expect(await produce(running, 'enable.idempotence=true')).toMatchObject({ status: 0 })
      expect(running.broker.faults.list()).toMatchObject([{ state: 'spent', applied: 2 }])
      expect(written(running)).toBe(1)
    }))

  it('gives up where the error is for good', () =>
    withFault({ api: 'Produce', error: 'TOPIC_AUTHORIZATION_FAILED' }, async (running) => {
      const { stderr } = await produce(running)
      expect(stderr).toContain('Topic authorization failed')
      expect(written(running)).toBe(0)
    }))

  it('sees that batches are broken, and that they are not the next time', () =>
    withFault({ api: 'Fetch', corrupt: 'records', times: 1 }, async (running) => {
      await produce(running)
      expect((await consume(running, 'check.crcs=true')).stderr).toContain('CRC32C')
      expect(await consume(running, 'check.crcs=true')).toMatchObject({ status: 0, stdout: 'paid\n' })
    }))

  it('waits for a coordinator that is loading', () =>
    withFault({ group: 'billing', error: 'COORDINATOR_LOAD_IN_PROGRESS', times: 2 }, async (running) => {
      await produce(running)
      const group = ['-G', 'billing', '-b', running.bootstrap, '-X', 'auto.offset.reset=earliest']
      expect(await kcat([...group, '-e', '-q', 'orders'])).toMatchObject({ stdout: 'paid\n' })
      expect(running.broker.faults.list()).toMatchObject([{ applied: 2 }])
    }))
})
