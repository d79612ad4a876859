import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bin, ktool } from '../ktool.ts'
import { type BrokerProcess, brokerProcess } from '../support/broker-process.ts'

let folder: string
let dataDir: string
let journal: string
let broker: BrokerProcess

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ktool-faults-'))
  dataDir = join(folder, 'data')
  journal = join(folder, 'requests.ndjson')
  const flags = [
    '--port=0',
    `--data-dir=${dataDir}`,
    '--topic=orders:1',
    '--control=0',
    `--journal=${journal}`,
  ]
  broker = await brokerProcess(...flags)
})

afterAll(async () => {
  await broker.end()
  rmSync(folder, { recursive: true })
})

async function typed(...words: string[]) {
  const { status, stdout, stderr } = await ktool(['broker', ...words, `--data-dir=${dataDir}`])
  return { status, stdout: String(stdout), stderr }
}

const inJson = async (...words: string[]) => JSON.parse((await typed(...words, '-o', 'json')).stdout)

interface Asking {
  readonly method?: string
  readonly body?: string
  readonly headers?: Record<string, string>
}

/** By the port, as any program would; with the token unless the headers say otherwise. */
function byHttp(path: string, { method = 'GET', body, headers = {} }: Asking = {}) {
  const { controlUrl, controlTokenFile } = broker.ready as unknown as Record<string, string>
  const token = readFileSync(String(controlTokenFile), 'utf8').trim()
  return new Promise<{ status: number | undefined; json: Record<string, never> }>((resolve, reject) => {
    const all = { Authorization: `Bearer ${token}`, ...headers }
    const asked = request(`${controlUrl}${path}`, { method, headers: all }, (answer) => {
      let text = ''
      answer.on('data', (chunk) => {
        text += String(chunk)
      })
      answer.on('end', () => resolve({ status: answer.statusCode, json: JSON.parse(text) }))
    })
    asked.on('error', reject).end(body)
  })
}

const producer = () => {
  const brokers = [broker.ready.bootstrap]
  const kafka = new Kafka({
    clientId: 'shop',
    brokers,
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 5 },
  })
  return kafka.producer()
}

const send = async () => {
  const shop = producer()
  await shop.connect()
  await shop.send({ topic: 'orders', messages: [{ value: 'secret of the shop' }] })
  await shop.disconnect()
}

describe('faults by commands', () => {
  it('are added, strike a client, are listed and cleared', async () => {
    const words = ['--api=produce', '--topic=orders', '--error=NOT_LEADER_OR_FOLLOWER', '--times=3']
    const { id } = await inJson('fault', 'add', ...words)
    await send()
    expect((await inJson('fault', 'list')).items).toMatchObject([
      { id, state: 'spent', requests: 'Produce, topic orders', matched: 3, applied: 3 },
    ])
    const { status, stdout, stderr } = await typed('fault', 'clear', String(id), '77', '-o', 'jsonl')
    expect([status, JSON.parse(stdout.trim()).applied, stderr]).toEqual([
      1,
      3,
      expect.stringContaining('no rule 77'),
    ])
    expect((await inJson('fault', 'list')).items).toEqual([])
  })

  it('are refused as a wrong command line, with what may have been meant', async () => {
    const refused = await typed('fault', 'add', '--api=Prodce', '--drop')
    expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining('did you mean Produce?') })
    expect(await typed('fault', 'add', '--probability=2', '--drop')).toMatchObject({ status: 2 })
    expect(await typed('fault', 'add', '--topic=orders')).toMatchObject({ status: 2 })
    expect((await typed('fault', 'add', '--drop', '--for=0s')).stderr).toContain('--for is 1ms to')
  })

  it('need a broker', async () => {
    const { status, stderr } = await ktool(['broker', 'fault', 'list', `--data-dir=${folder}`])
    expect([status, stderr]).toEqual([1, expect.stringContaining('no local broker of this ktool runs')])
  })

  it('find the broker that a command runs in', async () => {
    const inner = [process.execPath, bin, 'broker', 'fault', 'list', '-o', 'json']
    const { stdout } = await ktool(['broker', '--local', '--', ...inner])
    expect(JSON.parse(String(stdout))).toMatchObject({ items: [] })
  })
})

describe('the control port', () => {
  it('answers many at once', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => byHttp('/clock')))
    expect(answers.every(({ status }) => status === 200)).toBe(true)
  })

  it('takes rules, and gives and clears them', async () => {
    const body = JSON.stringify({ api: 'Metadata', latencyMs: 1 })
    const added = await byHttp('/faults', { method: 'POST', body })
    expect(added).toMatchObject({ status: 201, json: { state: 'active' } })
    expect((await byHttp('/faults')).json.faults).toHaveLength(1)
    expect(await byHttp(`/faults/${added.json.id}`, { method: 'DELETE' })).toMatchObject({ status: 200 })
    expect(await byHttp(`/faults/${added.json.id}`, { method: 'DELETE' })).toMatchObject({ status: 404 })
    expect(await byHttp('/status')).toMatchObject({ status: 200, json: { topics: 1, faults: [] } })
  })

  it.each<[string, number, string, Asking]>([
    ['a page in a browser', 403, 'foreign-origin', { headers: { Origin: 'http://localhost' } }],
    ['a name that leads here', 403, 'foreign-host', { headers: { Host: 'rebound.example:80' } }],
    ['whoever has no token', 401, 'no-token', { headers: { Authorization: '' } }],
    ['whoever has another token', 401, 'no-token', { headers: { Authorization: 'Bearer 0' } }],
    ['a method that is not known', 405, 'no-such-method', { method: 'PUT' }],
    ['what is no JSON', 400, 'invalid-json', { method: 'POST', body: '{' }],
    ['what is no rule', 400, 'invalid-fault', { method: 'POST', body: '[]' }],
    ['what is too long', 413, 'too-long', { method: 'POST', body: ' '.repeat(70_000) }],
  ])('refuses %s', async (_, status, code, asking) => {
    expect(await byHttp('/faults', asking)).toMatchObject({ status, json: { error: { code } } })
  })

  it('has its token in a file that nobody else can read', () => {
    expect(statSync(join(dataDir, '.ktool-control-token')).mode & 0o077).toBe(0)
    expect(statSync(join(dataDir, '.ktool-control.json')).mode & 0o077).toBe(0)
    expect(statSync(journal).mode & 0o077).toBe(0)
  })

  it('is off unless it is asked for, and of this machine alone', async () => {
    await using quiet = await quietBroker()
    expect(quiet.ready).not.toHaveProperty('controlUrl')
    const wide = await ktool(['broker', '--local', '--ephemeral', '--control=0.0.0.0:0'])
    expect([wide.status, wide.stderr]).toEqual([2, expect.stringContaining('a port of this machine')])
  })
})

async function quietBroker() {
  const quiet = await brokerProcess('--port=0', '--ephemeral')
  return { ...quiet, [Symbol.asyncDispose]: async () => void (await quiet.end()) }
}

describe('the journal', () => {
  it('has a line for each request, without what records say', async () => {
    await send()
    const found = async () => {
      const lines = readFileSync(journal, 'utf8').trim().split('\n')
      const rows = lines.map((line) => JSON.parse(line))
      return rows.filter(({ api, clientId }) => api === 'Produce' && clientId === 'shop')
    }
    await expect
      .poll(async () => (await found()).at(-1), { timeout: 10_000 })
      .toMatchObject({
        ...{ principal: 'User:ANONYMOUS', listener: 'PLAINTEXT', outcome: 'answered', errors: [] },
        request: {
          topicData: [{ name: 'orders', partitionData: [{ index: 0, recordsBytes: expect.any(Number) }] }],
        },
      })
    expect((await found())[0]).toMatchObject({ errors: ['NOT_LEADER_OR_FOLLOWER'] })
    expect(readFileSync(journal, 'latin1')).not.toContain('secret of the shop')
  })
})

describe('the clock', () => {
  it('is taken forward, and says by how much', async () => {
    const before = await byHttp('/clock')
    expect(before).toMatchObject({ json: { aheadMs: 0 } })
    expect(await inJson('clock', 'skip', '7d')).toMatchObject({ aheadMs: 7 * 86_400_000 })
    const skip = JSON.stringify({ by: '1h' })
    expect(await byHttp('/clock/skip', { method: 'POST', body: skip })).toMatchObject({
      json: { aheadMs: 7 * 86_400_000 + 3_600_000 },
    })
    expect(await byHttp('/clock/skip', { method: 'POST', body: '{"byMs": 0.5}' })).toMatchObject({
      status: 400,
    })
    expect(await typed('clock', 'skip', '0s')).toMatchObject({ status: 2 })
    expect(await typed('clock', 'skip', '200000d')).toMatchObject({ status: 2 })
  })
})

it('leaves nothing of its control behind, and after a kill the next start clears it away', async () => {
  const own = mkdtempSync(join(tmpdir(), 'ktool-control-test-'))
  const files = ['.ktool-control.json', '.ktool-control-token'].map((name) => join(own, name))
  const flags = ['--port=0', `--data-dir=${own}`]
  const first = await brokerProcess(...flags)
  const { socket } = JSON.parse(readFileSync(String(files[0]), 'utf8'))
  expect(existsSync(socket)).toBe(true)
  await first.end('SIGKILL')
  expect(existsSync(socket)).toBe(true)
  const second = await brokerProcess(...flags)
  expect(existsSync(socket)).toBe(false)
  await second.end()
  expect(files.filter((file) => existsSync(file))).toEqual([])
  rmSync(own, { recursive: true })
})
