import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { environment, ktool } from '../ktool.ts'

let home: string

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'ktool-background-'))
})

afterEach(async () => {
  await broker('stop')
  rmSync(home, { recursive: true })
})

async function broker(...words: string[]) {
  const env = { ...environment, HOME: home, XDG_STATE_HOME: '', XDG_DATA_HOME: '', XDG_CONFIG_HOME: '' }
  const { status, stdout, stderr } = await ktool(['broker', ...words], '', env)
  return { status, stdout: String(stdout), stderr }
}

const startFree = (...flags: string[]) => broker('start', '--port=0', '-o', 'json', ...flags)
const contexts = () => parseYaml(readFileSync(join(home, '.config/ktool/contexts.yaml'), 'utf8'))

it('a broker in the background serves until it is told to stop, and is there again', async () => {
  const started = await startFree('--topic=orders:3')
  expect(started).toMatchObject({ status: 0 })
  const row = JSON.parse(started.stdout)
  expect(row).toMatchObject({ state: 'running', dataDir: join(home, '.local/share/ktool/local') })

  const status = await broker('status', '-o', 'json')
  expect(status.status).toBe(0)
  expect(JSON.parse(status.stdout)).toMatchObject(row)

  const stopped = await broker('stop', '-o', 'json')
  expect(stopped.status).toBe(0)
  expect(JSON.parse(stopped.stdout)).toMatchObject({ state: 'stopped', pid: row.pid })
  expect(existsSync(join(row.dataDir, '.kafka_cleanshutdown'))).toBe(true)
  expect((await broker('status')).status).toBe(3)

  const again = await startFree('--topic=orders:3')
  expect(JSON.parse(again.stdout)).toMatchObject({ clusterId: row.clusterId })
})

it('its address is the context "local"', async () => {
  const { bootstrap, dataDir } = JSON.parse((await startFree()).stdout)
  expect(contexts()).toEqual({ version: 1, current: 'local', contexts: { local: { bootstrap, dataDir } } })
  expect(statSync(join(home, '.config/ktool/contexts.yaml')).mode & 0o077).toBe(0)
  await broker('stop')
  expect(contexts().contexts).toHaveProperty('local')
})

it('one of a directory of its own takes that, and the context, with it', async () => {
  const { dataDir } = JSON.parse((await startFree('--ephemeral')).stdout)
  expect(existsSync(dataDir)).toBe(true)
  await broker('stop')
  expect(existsSync(dataDir)).toBe(false)
  expect(contexts().contexts).toEqual({})
})

it('one that runs is not started twice, nor on another directory or port', async () => {
  const first = JSON.parse((await startFree()).stdout)
  const second = await startFree()
  expect(second).toMatchObject({ status: 0, stderr: 'it runs already\n' })
  expect(JSON.parse(second.stdout)).toMatchObject({ pid: first.pid })

  const olderKafka = await startFree('--as-version=3.9', '-X', 'num.partitions=2')
  expect(olderKafka.status).toBe(0)
  expect(olderKafka.stderr).toContain('--as-version, --set would count after ktool broker stop')

  const port = Number(first.bootstrap.split(':')[1])
  expect(await broker('start', `--port=${port}`)).toMatchObject({ status: 0 })
  const elsewhere = await broker('start', `--port=${port - 1}`)
  expect(elsewhere.stderr).toBe(
    `Error: a local broker runs already, at ${first.bootstrap}\n  ktool broker stop ends it\n`,
  )
  expect(elsewhere.status).toBe(1)

  const other = await startFree(`--data-dir=${join(home, 'other')}`)
  expect(other.status).toBe(1)
  expect(JSON.parse(other.stderr).error).toMatchObject({ code: 'broker-running' })
})

it('one that runs gets the topics that it has not, all of them or none', async () => {
  const { bootstrap } = JSON.parse((await startFree('--topic=orders:3', '--topic=a.b:1')).stdout)
  const topics = async () => {
    const { stdout } = await ktool(['topics', 'list', '-b', bootstrap, '-o', 'jsonl'])
    const rows = String(stdout).trim().split('\n')
    return rows.map((row) => JSON.parse(row)).map(({ topic, partitions }) => [topic, partitions])
  }
  const there = [
    ['a.b', 1],
    ['orders', 3],
    ['payments', 2],
  ]
  const more = await broker('start', '--port=0', '--topic=orders', '--topic=payments:2')
  expect(more).toMatchObject({ status: 0, stderr: 'it runs already\nit has these topics now: payments\n' })
  expect(await topics()).toEqual(there)

  const other = await startFree('--topic=refunds:1', '--topic=orders:4')
  expect(other.status).toBe(2)
  expect(JSON.parse(other.stderr).error).toMatchObject({ code: 'topic-mismatch' })
  const colliding = await startFree('--topic=refunds:1', '--topic=a_b:1')
  expect(colliding.status).toBe(1)
  expect(JSON.parse(colliding.stderr).error.message).toContain('topic a_b cannot be made')
  expect(await topics()).toEqual(there)
})

it('one that cannot start says why, as it would in the foreground', async () => {
  const taken = createServer()
  const port = await new Promise((resolve) => {
    taken.listen(0, '127.0.0.1', () => resolve((taken.address() as { port: number }).port))
  })
  const { status, stderr } = await broker('start', `--port=${port}`, '--ephemeral')
  taken.close()
  expect(stderr).toContain(`cannot listen at 127.0.0.1:${port}: the address is in use`)
  expect(status).toBe(1)
  expect((await broker('start', '-X', 'a=b')).status).toBe(2)
  expect((await broker('status')).status).toBe(3)
})

it('after a kill the next start needs no help', async () => {
  const { pid, clusterId } = JSON.parse((await startFree('--topic=orders:1')).stdout)
  process.kill(pid, 'SIGKILL')
  const again = await startFree('--topic=orders:1')
  expect(again.status).toBe(0)
  expect(JSON.parse(again.stdout)).toMatchObject({ clusterId })
})

it('what it says is in its log', async () => {
  expect(await broker('logs')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('there is no log'),
  })
  expect((await broker('start', '--listen=PLAINTEXT://0.0.0.0:0')).status).toBe(0)
  await broker('stop')
  expect(await broker('logs', '-n', '1')).toMatchObject({ status: 0, stdout: 'stopped\n' })
  expect((await broker('logs')).stdout).toContain('Warning: open to everybody')
})

it('stopping where none runs is done at once', async () => {
  expect(await broker('stop')).toMatchObject({ status: 0, stderr: 'none was running\n' })
})
