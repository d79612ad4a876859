import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import type { LocalBroker, LocalBrokerOptions } from '../../../src/lib/local/exported.ts'
import { brokerStarter } from '../../../src/lib/local/start-broker.ts'
import { systemNetwork } from '../../../src/lib/network/sockets.ts'
import { systemClock } from '../../../src/lib/ports/clock.ts'
import { systemEventLoop } from '../../../src/lib/ports/event-loop.ts'
import { systemRandom } from '../../../src/lib/ports/random.ts'
import { systemDisk } from '../../../src/lib/ports/system-disk.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

const clock = systemClock(() => process.hrtime())
const startBroker = brokerStarter({
  environment: process.env,
  platform: process.platform,
  processId: process.pid,
  ports: {
    clock,
    disk: systemDisk,
    random: systemRandom,
    network: systemNetwork(systemEventLoop()),
  },
})

describe('startBroker', () => {
  it('starts as many brokers in one process as are wanted, each by itself', async () => {
    const brokers = await Promise.all(Array.from({ length: 5 }, () => startBroker({ topics: ['orders'] })))
    const distinct = (key: 'bootstrap' | 'dataDir' | 'clusterId') =>
      new Set(brokers.map((broker) => broker[key])).size
    expect([distinct('bootstrap'), distinct('dataDir'), distinct('clusterId')]).toEqual([5, 5, 5])
    await Promise.all(brokers.map((broker) => broker.stop()))
    expect(brokers.filter(({ dataDir }) => existsSync(dataDir))).toEqual([])
  })

  it('makes topics, with the partitions and settings that were said', async () => {
    await using broker = await startBroker({ topics: { orders: 3 }, settings: { 'num.partitions': 2 } })
    expect(existsSync(join(broker.dataDir, 'orders-2'))).toBe(true)
    await using other = await startBroker({ topics: ['orders'], settings: { 'num.partitions': 2 } })
    expect(existsSync(join(other.dataDir, 'orders-1'))).toBe(true)
    expect(existsSync(join(other.dataDir, 'orders-2'))).toBe(false)
  })

  it('stops when it goes out of scope, and may be stopped before', async () => {
    let known: LocalBroker
    {
      await using broker = await startBroker()
      known = broker
      expect(existsSync(known.dataDir)).toBe(true)
    }
    expect(existsSync(known.dataDir)).toBe(false)
    await known.stop()
  })

  it('keeps a directory that was named', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'ktool-start-'))
    const first = await startBroker({ dataDir, topics: { orders: 1 } })
    await first.stop()
    const second = await startBroker({ dataDir, topics: { orders: 1 } })
    expect(second.clusterId).toBe(first.clusterId)
    await second.stop()
    rmSync(dataDir, { recursive: true })
  })

  it('is the node that the settings say, where no directory says another', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'ktool-start-'))
    const nodeIdOf = (settings: Record<string, string>) =>
      startBroker({ dataDir, settings }).then(async (broker) => {
        await broker.stop()
        return /node\.id=\d+/.exec(readFileSync(join(dataDir, 'meta.properties'), 'utf8'))?.[0]
      })
    expect(await nodeIdOf({ 'broker.id': '-1', 'node.id': '7' })).toBe('node.id=7')
    expect(await nodeIdOf({ 'node.id': '8' })).toBe('node.id=7')
    rmSync(dataDir, { recursive: true })
  })

  it('fails where two want one directory, and lets go of it once it has stopped', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'ktool-start-'))
    const first = await startBroker({ dataDir })
    await expect(startBroker({ dataDir })).rejects.toThrow('is in use')
    await first.stop()
    await (await startBroker({ dataDir })).stop()
    rmSync(dataDir, { recursive: true })
  })

  it.each<[LocalBrokerOptions, string]>([
    [{ prot: 9092 } as LocalBrokerOptions, 'no option "prot"'],
    [{ port: 70_000 }, 'no port'],
    [{ flush: 'always' } as unknown as LocalBrokerOptions, 'flush is'],
    [{ topics: ['a b'] }, 'no topic to make'],
    [{ settings: { 'num.partition': 3 } }, 'num.partitions'],
  ])('refuses %j', async (options, reason) => {
    const failure = await startBroker(options).catch((error: Error) => error)
    expect(failure).toBeInstanceOf(Error)
    expect(`${(failure as Error).message} ${(failure as { hint?: string }).hint}`).toContain(reason)
  })
})

describe('the package', () => {
  it.each([
    ['import', "import { startBroker } from 'ktool'"],
    ['require', "const { startBroker } = require('ktool')"],
  ])('gives startBroker to %s', (kind, head) => {
    const script = `${head}\nstartBroker().then(async (b) => { console.log(b.port > 0); await b.stop() })`
    const type = kind === 'import' ? 'module' : 'commonjs'
    const run = spawnSync(process.execPath, [`--input-type=${type}`, '-e', script], { cwd: root })
    expect({ stdout: String(run.stdout), stderr: String(run.stderr) }).toEqual({
      stdout: 'true\n',
      stderr: '',
    })
  })

  it('types it', () => {
    const bodies = [
      "await using b = await startBroker({ topics: ['a'] })\nreturn b.bootstrap.length",
      'return (await startBroker({ prot: 1 })).bootstrap',
      'return (await startBroker()).bootstrop',
    ]
    const head = "import { startBroker } from 'ktool'\nexport async function f() {\n"
    expect(faultsOf(bodies.map((body) => `${head}${body}\n}`))).toEqual([[], [2353], [2551]])
  })
})

/** The compiler's numbers of what is wrong with each of the modules of somebody who uses the package. */
function faultsOf(texts: readonly string[]): number[][] {
  const folder = mkdtempSync(join(root, '.cache', 'user-'))
  const files = texts.map((text, i) => {
    const file = join(folder, `${i}.mts`)
    writeFileSync(file, text)
    return file
  })
  const program = ts.createProgram(files, {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    strict: true,
    noEmit: true,
    skipDefaultLibCheck: true,
    types: [],
  })
  const faults = files.map((file) =>
    ts.getPreEmitDiagnostics(program, program.getSourceFile(file)).map(({ code }) => code),
  )
  rmSync(folder, { recursive: true })
  return faults
}
