import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type BrokerInProcess, brokerInProcess } from '../support/broker-in-process.ts'
import { LiveWriter } from '../support/live-writer.ts'
import { runLive } from '../support/run-live.ts'
import { runCommand } from './run-command.ts'

const FEWER = /UNKNOWN: there are fewer than 10 commits/

describe('what ktool groups status says of UNKNOWN', () => {
  let dataDir: string
  let broker: BrokerInProcess

  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'ktool-status-'))
    broker = await brokerInProcess({ dataDir })
    await using writer = new LiveWriter(broker.bootstrap)
    await writer.topic('orders')
    await writer.write('orders', 0, { count: 10 })
    for (const offset of [1, 2]) await writer.commit('billing', 'orders', { 0: offset })
  })
  afterEach(async () => {
    await broker[Symbol.asyncDispose]()
    rmSync(dataDir, { recursive: true })
  })

  it('is that there are too few commits, where there are', async () => {
    const { status, stderr } = await runLive('groups status', broker.bootstrap, ['billing'])
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringMatching(FEWER) })
    const whole = await runLive('groups status', broker.bootstrap, ['billing', '--window', '2'])
    expect(whole.stderr).not.toContain('UNKNOWN')
  })

  it('is nothing of commits, where all are there and it is the end of the partition that is not known', async () => {
    await broker.stop()
    rmSync(join(dataDir, 'orders-0'), { recursive: true })
    const argv = ['billing', '--log-dir', dataDir, '--window', '2', '-o', 'json']
    const { stdout, stderr } = await runCommand('groups status', argv)
    expect(JSON.parse(stdout).items).toMatchObject([{ status: 'UNKNOWN', complete: 1 }])
    expect(stderr).not.toContain('commits')
  })
})
