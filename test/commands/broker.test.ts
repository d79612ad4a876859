import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ktool } from '../ktool.ts'
import { type BrokerProcess, brokerProcess, spawnBroker } from '../support/broker-process.ts'

let folder: string
let dir: string
const running: BrokerProcess[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ktool-broker-test-'))
  dir = join(folder, 'data')
})

afterEach(async () => {
  await Promise.all(running.splice(0).map((broker) => broker.end('SIGKILL')))
  rmSync(folder, { recursive: true })
})

async function start(...flags: string[]): Promise<BrokerProcess> {
  const broker = await brokerProcess(...flags)
  running.push(broker)
  return broker
}

describe('ktool broker --local', () => {
  it('says in one line of JSON that it serves, and where', async () => {
    const { ready, child } = await start('--port=0', `--data-dir=${dir}`)
    expect(ready).toMatchObject({
      version: 1,
      bootstrap: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      listeners: [{ name: 'PLAINTEXT', address: ready.bootstrap }],
      dataDir: dir,
      isEphemeral: false,
      flush: 'interval',
      clusterId: expect.stringMatching(/^[\w-]{22}$/),
      pid: child.pid,
    })
  })

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'stops cleanly on %s, and finds everything again',
    async (signal) => {
      const first = await start('--port=0', `--data-dir=${dir}`, '--topic=orders:3')
      expect(await first.end(signal)).toBe(0)
      expect(existsSync(join(dir, '.kafka_cleanshutdown'))).toBe(true)

      const second = await start('--port=0', `--data-dir=${dir}`, '--topic=orders:3', '--topic=orders')
      expect(second.said()).not.toContain('ERROR')
      const { stdout } = await ktool(['topics', 'list', '--log-dir', dir, '-o', 'jsonl'])
      expect(JSON.parse(String(stdout))).toMatchObject({ topic: 'orders', partitions: 3 })
      expect(await second.end(signal)).toBe(0)
    },
  )

  it('takes its directory with it where that was one of its own', async () => {
    const broker = await start('--port=0', '--ephemeral')
    expect(existsSync(broker.ready.dataDir)).toBe(true)
    await broker.end()
    expect(existsSync(broker.ready.dataDir)).toBe(false)
  })

  it('tells people where it is, what an acknowledgement means, and what to type next', async () => {
    const child = spawnBroker('--port=0', `--data-dir=${dir}`, '--flush=ack')
    let talk = ''
    child.stderr.on('data', (chunk) => {
      talk += String(chunk)
      if (talk.includes('Ctrl-C')) child.kill()
    })
    const banner = String(await text(child.stdout))

    const [, address] = /^ADDRESS\t(127\.0\.0\.1:\d+)$/m.exec(banner) ?? []
    expect(banner).toContain(`DIRECTORY\t${dir}\n`)
    expect(banner).toContain('DURABILITY\tacknowledged once the disk has it\n')
    expect(talk).toContain(`kcat -b ${address} -L\n`)
    expect(talk).toContain(`ktool topics list --log-dir ${dir}\n`)
    expect(talk).toMatch(/stopped\n$/)
  })

  it('warns where others can reach it, and says what clients are told', async () => {
    const { says } = await start('--ephemeral', '--listen=PLAINTEXT://0.0.0.0:0')
    await says(/Warning: open to everybody who can reach 0\.0\.0\.0:\d+, without a password/)
    await says(/told to connect to 127\.0\.0\.1.*--advertise PLAINTEXT:\/\/HOST:\d+/)
  })

  it('has the settings that were given', async () => {
    writeFileSync(join(folder, 'server.properties'), `num.partitions=5\nlog.dirs=${dir}\n`)
    const flags = [`--config=${join(folder, 'server.properties')}`, '--port=0', '--topic=orders']
    const { ready, end } = await start(...flags)
    expect(ready.dataDir).toBe(dir)
    await end()
    expect(readdirSync(dir).filter((name) => name.startsWith('orders-'))).toHaveLength(5)
  })
})

describe('ktool broker --local refuses', () => {
  it('a topic that is there with another count of partitions, and changes nothing', async () => {
    const { end } = await start('--port=0', `--data-dir=${dir}`, '--topic=orders:3')
    await end()
    const { status, stderr } = await endsAtOnce(
      '--port=0',
      `--data-dir=${dir}`,
      '--topic=new:1',
      '--topic=orders:4',
    )
    expect(stderr).toContain('orders')
    expect(status).toBe(2)
    expect(readdirSync(dir)).not.toContain('new-0')
  })

  it('a port that somebody has', async () => {
    const other = createServer()
    const port = await new Promise((resolve) => {
      other.listen(0, '127.0.0.1', () => resolve(portOf(other)))
    })
    const { status, stderr } = await endsAtOnce('--ephemeral', `--port=${port}`)
    other.close()
    expect(stderr).toContain(`127.0.0.1:${port}: the address is in use`)
    expect(status).toBe(1)
  })

  it('a directory that another one holds, and names it', async () => {
    const { ready } = await start('--port=0', `--data-dir=${dir}`)
    const { status, stderr } = await endsAtOnce('--port=0', `--data-dir=${dir}`)
    expect(stderr).toContain(`${dir} is in use by process ${ready.pid}`)
    expect(status).toBe(1)
  })

  it('a directory that cannot be made', async () => {
    writeFileSync(join(folder, 'file'), '')
    const { status, stderr } = await endsAtOnce('--port=0', `--data-dir=${join(folder, 'file', 'data')}`)
    expect(stderr).toContain('Error: cannot make the folder')
    expect(status).toBe(1)
  })

  it.each([
    [['-X', 'num.partition=3'], 'did you mean num.partitions'],
    [['-X', 'num.partitions=0'], 'Value must be at least 1'],
    [['--port=65536'], '65535'],
    [['--topic=a b'], 'no topic to make'],
    [['--ephemeral', '--data-dir=x'], 'cannot also be provided'],
    [['--config=none.properties'], 'there is no file none.properties'],
  ])('%j', async (flags, reason) => {
    const { status, stderr } = await endsAtOnce(...flags)
    expect(stderr).toContain(reason)
    expect(status).toBe(flags[0]?.startsWith('--config') ? 1 : 2)
  })
})

describe('ktool broker --local -- COMMAND', () => {
  const around = (...command: string[]) => ktool(['broker', '--local', '--', ...command])
  const node = (script: string) => around(process.execPath, '-e', script)

  it('tells the command where the broker is, and ends as it ends', async () => {
    const script =
      'require("node:net").connect(+process.env.BOOTSTRAP_SERVERS.split(":")[1]).on("connect", () => {' +
      'console.log(process.env.KTOOL_BOOTSTRAP === process.env.BOOTSTRAP_SERVERS); process.exit(7) })'
    const { status, stdout, stderr } = await node(script)
    expect({ status, stdout: String(stdout), stderr }).toEqual({ status: 7, stdout: 'true\n', stderr: '' })
  })

  it('leaves stdin to the command', async () => {
    const { stdout } = await ktool(['broker', '--local', '--', 'cat'], 'hello')
    expect(String(stdout)).toBe('hello')
  })

  it('ends as a shell does where a signal ends the command', async () => {
    expect((await node('process.kill(process.pid, "SIGTERM")')).status).toBe(143)
  })

  it('passes a signal on to the command, and waits for it', async () => {
    const script =
      'process.on("SIGTERM", () => process.exit(9)); console.log("up"); setInterval(() => {}, 1000)'
    const child = spawnBroker('--', process.execPath, '-e', script)
    child.stdout.once('data', () => child.kill('SIGTERM'))
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(9)
  })

  it.each([
    ['is not there', ['--', 'no-such-command-here'], 'cannot run no-such-command-here'],
    ['is behind a wrong flag', ['--bogus', '--', 'true'], 'no flag --bogus'],
    ['is behind a wrong setting', ['-X', 'a=b', '--', 'true'], 'no broker has a setting'],
    ['is behind a directory that cannot be', ['--data-dir=/dev/null/x', '--', 'true'], 'cannot make'],
  ])('ends with 125 where the command %s', async (_, args, reason) => {
    const { status, stderr } = await ktool(['broker', '--local', ...args])
    expect(stderr).toContain(reason)
    expect(status).toBe(125)
  })
})

async function endsAtOnce(...flags: string[]) {
  const { status, stderr } = await ktool(['broker', '--local', ...flags])
  return { status, stderr }
}

function portOf(server: ReturnType<typeof createServer>): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
