import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseProperties } from '../../src/lib/config/java-properties.ts'
import { ktool } from '../ktool.ts'
import { type BrokerProcess, brokerProcess } from '../support/broker-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'ktool-export-config-'))
const dir = join(folder, 'data')
let broker: BrokerProcess

beforeAll(async () => {
  broker = await brokerProcess('--port=0', `--data-dir=${dir}`, '--topic=orders:3')
})

afterAll(async () => {
  await broker.end('SIGKILL')
  rmSync(folder, { recursive: true })
})

const exported = (...flags: string[]) => ktool(['broker', 'export-config', dir, ...flags])

describe('ktool broker export-config', () => {
  it('waits for no broker to be alive on the directory, and names the one that is', async () => {
    const { status, stderr, stdout } = await exported()
    expect({ status, stdout: stdout.toString() }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toContain(`${dir} is in use by process ${broker.child.pid}`)
  })

  it('tells that a broker was killed', async () => {
    await broker.end('SIGKILL')
    const { status, stderr } = await exported()
    expect(status).toBe(0)
    expect(stderr).toContain('was not stopped cleanly')
    broker = await brokerProcess('--port=0', `--data-dir=${dir}`)
    await broker.end('SIGTERM')
  })

  it('prints a file for a Kafka that listens where the broker did, and changes nothing', async () => {
    const before = contents()
    const { status, stdout, stderr } = await exported()
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const text = stdout.toString()
    expect(text).toMatch(/^# Apache Kafka on .*: node 1 of cluster [\w-]{22}\.\n/)
    expect(text).toContain('#     bin/kafka-server-start.sh server.properties')
    const { port } = new URL(`kafka://${broker.ready.bootstrap}`)
    expect(settingsIn(text)).toMatchObject({
      'process.roles': 'broker,controller',
      'node.id': '1',
      'controller.quorum.voters': '1@127.0.0.1:9093',
      'controller.listener.names': 'CONTROLLER',
      listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:9093`,
      'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
      'inter.broker.listener.name': 'PLAINTEXT',
      'log.dirs': dir,
      'offsets.topic.replication.factor': '1',
    })
    expect(contents()).toEqual(before)
  })

  it('takes other addresses, and the settings that the broker was started with', async () => {
    const at = ['--listen', 'OUTSIDE://:9192', '--advertise', 'OUTSIDE://kafka.example:9292']
    const { stdout } = await exported(
      ...at,
      '--controller-port',
      '9999',
      '-X',
      'num.partitions=7',
      '-o',
      'json',
    )
    expect(JSON.parse(stdout.toString())).toMatchObject({
      ...{
        version: 1,
        dataDir: dir,
        nodeId: 1,
        metadataVersion: '4.3-IV0',
        kafka: '4.3',
        isCleanShutdown: true,
      },
      properties: {
        listeners: 'OUTSIDE://0.0.0.0:9192,CONTROLLER://127.0.0.1:9999',
        'advertised.listeners': 'OUTSIDE://kafka.example:9292',
        'listener.security.protocol.map': 'OUTSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT',
        'num.partitions': '7',
      },
    })
  })

  it('refuses what is no data directory, and a setting that no Kafka has', async () => {
    const elsewhere = await ktool(['broker', 'export-config', folder])
    expect(elsewhere).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('it has no meta.properties'),
    })
    expect(await exported('-X', 'num.partition=7')).toMatchObject({ status: 2 })
  })
})

function settingsIn(text: string): Record<string, string> {
  return Object.fromEntries(parseProperties(text).map(({ key, value }) => [key, value]))
}

function contents(): Record<string, string> {
  const entries = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name))
  return Object.fromEntries(paths.map((path) => [path, readFileSync(path, 'base64')]))
}
