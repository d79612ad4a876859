import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freePorts } from '../../conformance/kafka/start.ts'
import { type BrokerInProcess, brokerInProcess } from '../../support/broker-in-process.ts'
import { runLive } from '../../support/run-live.ts'
import { fetchEcosystem, startConnect, startDistributedConnect, wordCount } from './ecosystem.ts'

let broker: BrokerInProcess
let folder: string

beforeAll(async () => {
  await fetchEcosystem()
  folder = mkdtempSync(join(tmpdir(), 'ktool-ecosystem-'))
  const topics = ['lines', 'counts'].map((name) => ({ name, partitions: 3 }))
  broker = await brokerInProcess({ topics, settings: { 'group.initial.rebalance.delay.ms': '0' } })
})

afterAll(async () => {
  await broker[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

async function say(...lines: readonly string[]): Promise<void> {
  const input = {
    isTerminal: false,
    chunks: async function* () {
      yield Buffer.from(lines.map((line) => `${line}\n`).join(''))
    },
  }
  const { status, stderr } = await runLive('produce', broker.bootstrap, ['lines'], { stdin: input })
  expect(status, stderr).toBe(0)
}

it('Kafka Streams counts words exactly once, and goes on from what it has in the broker alone', async () => {
  await say('to be', 'or not', 'to be')
  expect(await wordCount(broker.bootstrap, join(folder, 'first'), 6)).toEqual([
    'be 2',
    'not 1',
    'or 1',
    'to 2',
  ])
  await say('to do')
  const counts = await wordCount(broker.bootstrap, join(folder, 'second'), 8)
  expect(counts).toEqual(['be 2', 'do 1', 'not 1', 'or 1', 'to 3'])
}, 300_000)

it('Kafka Connect copies the lines of a file, and goes on where it was when it is started again', async () => {
  const from = join(folder, 'from.txt')
  const copied = () => {
    try {
      return readFileSync(join(folder, 'to.txt'), 'utf8')
    } catch {
      return ''
    }
  }
  writeFileSync(from, 'one\ntwo\n')
  for (const more of ['three\n', 'four\n']) {
    const connect = await startConnect(broker.bootstrap, folder, (await freePorts()).plain)
    appendFileSync(from, more)
    await expect.poll(copied, { timeout: 60_000 }).toContain(more)
    await connect.stop()
  }
  expect(copied()).toBe('one\ntwo\nthree\nfour\n')
}, 300_000)

it('Kafka Connect, with all that it knows in compacted topics, has each line once behind a kill', async () => {
  const [from, to] = [join(folder, 'source.txt'), join(folder, 'sink.txt')]
  writeFileSync(from, '')
  const lines: string[] = []
  for (const round of [1, 2]) {
    const { plain } = await freePorts()
    const connect = await startDistributedConnect(broker.bootstrap, folder, plain)
    const make = async (name: string, config: object) => {
      const body = JSON.stringify({ 'tasks.max': '1', ...config })
      const asked = { method: 'PUT', headers: { 'content-type': 'application/json' }, body }
      return (await fetch(`http://127.0.0.1:${plain}/connectors/${name}/config`, asked)).status
    }
    const running = async () => {
      const told = await fetch(`http://127.0.0.1:${plain}/connectors?expand=status`)
      return (await told.text()).split('"state":"RUNNING"').length - 1
    }
    if (round === 1) {
      const source = { file: from, topic: 'exactly', 'exactly.once.support': 'required' }
      const sink = { file: to, topics: 'exactly', 'consumer.override.isolation.level': 'read_committed' }
      const kind = 'org.apache.kafka.connect.file.FileStream'
      expect(await make('in', { 'connector.class': `${kind}SourceConnector`, ...source })).toBe(201)
      expect(await make('out', { 'connector.class': `${kind}SinkConnector`, ...sink })).toBe(201)
    }
    await expect.poll(running, { timeout: 60_000 }).toBe(4)
    lines.push(...Array.from({ length: 100 }, (_, i) => `${round}-${i}`))
    appendFileSync(
      from,
      lines
        .slice(-100)
        .map((line) => `${line}\n`)
        .join(''),
    )
    const copied = () => new Set(existsSync(to) ? readFileSync(to, 'utf8').trim().split('\n') : []).size
    await expect.poll(copied, { timeout: 60_000 }).toBe(lines.length)
    await (round === 1 ? connect.kill() : connect.stop())
  }
  const flags = ['exactly', '--isolation', 'committed', '-o', 'jsonl']
  const { stdout } = await runLive('consume', broker.bootstrap, flags)
  const values = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).value)
  expect(values).toEqual(lines)
  const settings = await runLive('configs get', broker.bootstrap, ['topics', 'connect-offsets'])
  expect(settings.stdout).toMatch(/cleanup\.policy\s+compact/)
}, 300_000)
