import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { metadata } from '../../../src/lib/protocol/apis/metadata.ts'
import { connected } from '../../conformance/wire/connection.ts'

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
export const libs = at('.cache/kafka-4.3.1/libs/')
const bin = at('bin/ktool.js')

/** What a deleted topic had written need not reach the disk, which would be what is measured then. */
const soonGone = 'log.segment.delete.delay.ms=1000'

export interface BenchBroker {
  readonly name: string
  readonly port: number
  readonly dataDir: string
  /** From the start of the process to the first answer to Metadata. */
  readonly readyMs: number
  residentMiB(): number
  /** Its files stay. */
  stop(): Promise<void>
}

/** One more, with the key and the certificate of this file. */
export interface TlsListener {
  readonly port: number
  readonly keyStore: string
}

export type Maker = (dataDir?: string, tls?: TlsListener) => Promise<BenchBroker>

export const startOurs: Maker = async (given, tls) => {
  const port = await freePort()
  const dataDir = given ?? mkdtempSync(join(tmpdir(), 'ktool-bench-broker-'))
  const listening = tls === undefined ? ['--port', String(port)] : settings(tlsProperties(port, tls))
  const args = [bin, 'broker', '--local', ...listening, '--data-dir', dataDir, '-X', soonGone]
  return ready('ktool', spawn(process.execPath, args, { stdio: 'ignore' }), port, dataDir)
}

export const startKafka: Maker = async (_, tls) => {
  const [port, controller] = [await freePort(), await freePort()]
  const folder = mkdtempSync(join(tmpdir(), 'ktool-bench-kafka-'))
  const properties = join(folder, 'server.properties')
  writeFileSync(properties, propertiesOf(port, controller, join(folder, 'data'), tls))
  // One that begins with a dash would be taken for a flag.
  const id = `A${randomBytes(16).toString('base64url').slice(1)}`
  const java = ['-Xmx1G', '-cp', `${libs}*`]
  execFileSync('java', [...java, 'kafka.tools.StorageTool', 'format', '-t', id, '-c', properties], {
    stdio: 'ignore',
  })
  const child = spawn('java', [...java, 'kafka.Kafka', properties], { stdio: 'ignore' })
  return ready('Apache Kafka', child, port, folder)
}

async function ready(name: string, child: ChildProcess, port: number, dataDir: string): Promise<BenchBroker> {
  const start = performance.now()
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  return {
    name,
    port,
    dataDir,
    readyMs: performance.now() - start,
    residentMiB: () => residentKiB(child.pid ?? 0) / 1024,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

async function answers(port: number): Promise<boolean> {
  try {
    const answer = await connected(port, (connection) => connection.ask(metadata, 12, { topics: [] }))
    return answer.brokers.length > 0
  } catch {
    return false
  }
}

function residentKiB(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
}

export function freePort(): Promise<number> {
  const server = createServer()
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}

export function removeDir(dataDir: string): void {
  rmSync(dataDir, { recursive: true, force: true })
}

function tlsProperties(port: number, { port: secure, keyStore }: TlsListener): string[] {
  return [
    `listeners=PLAINTEXT://127.0.0.1:${port},SSL://127.0.0.1:${secure}`,
    'ssl.keystore.type=PEM',
    `ssl.keystore.location=${keyStore}`,
  ]
}

function settings(properties: readonly string[]): string[] {
  return properties.flatMap((each) => ['-X', each])
}

function propertiesOf(port: number, controller: number, dataDir: string, tls?: TlsListener): string {
  const [listeners = `listeners=PLAINTEXT://127.0.0.1:${port}`, ...more] =
    tls === undefined ? [] : tlsProperties(port, tls)
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@127.0.0.1:${controller}`,
    'controller.listener.names=CONTROLLER',
    `${listeners},CONTROLLER://127.0.0.1:${controller}`,
    'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,SSL:SSL,CONTROLLER:PLAINTEXT',
    ...more,
    `log.dirs=${dataDir}`,
    'offsets.topic.replication.factor=1',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    soonGone,
    '',
  ].join('\n')
}
