import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { java, jvmFlags } from './java.ts'
import { type Kept, keep } from './keep.ts'
import { libs, logs } from './places.ts'
import type { Ports } from './server-properties.ts'
import { freePorts } from './start.ts'

export interface OwnKafka extends Kept {
  readonly port: number
  readonly controllerPort: number
  readonly clusterId: string
  /** Outlives the broker, until it is removed. */
  readonly logDir: string
  remove(): void
}

export interface OwnKafkaOptions {
  /** Go on with the directory of this one. */
  readonly former?: Pick<OwnKafka, 'logDir' | 'clusterId'>
  /** Its whole server.properties, in place of what every test has. */
  readonly file?: (ports: Pick<Ports, 'plain' | 'controller'>) => Promise<string>
  /** Of server.properties, beside those that every test has. */
  readonly properties?: Readonly<Record<string, string | number>>
  /** Listeners beside the plain one: their names, ports, and Kafka's protocols. */
  readonly listeners?: readonly { readonly name: string; readonly port: number; readonly protocol: string }[]
  /** Levels of features that it is formatted with, where they are not to be Kafka's own choice. */
  readonly features?: Readonly<Record<string, number>>
  /** It is to be one more broker of the cluster that this node controls. */
  readonly controller?: Pick<OwnKafka, 'controllerPort' | 'clusterId'>
  /** The quorum keeps its voters itself, and this is the first of them. */
  readonly isFirstVoter?: boolean
  /** It is to be a controller without a vote, beside this first voter. */
  readonly firstVoter?: Pick<OwnKafka, 'controllerPort' | 'clusterId'>
}

/** A node for one test alone, where it is the directory of a broker that matters. */
export async function startOwnKafka(name: string, options: OwnKafkaOptions = {}): Promise<OwnKafka> {
  const { former, properties: more = {}, listeners = [], features = {}, controller: of, firstVoter } = options
  const folder = mkdtempSync(join(tmpdir(), 'ktool-own-kafka-'))
  const logDir = former?.logDir ?? join(mkdtempSync(join(tmpdir(), 'ktool-own-data-')), 'logs')
  const remove = () => rmSync(dirname(logDir), { recursive: true, force: true })
  const { plain, controller } = await freePorts()
  const properties = join(folder, 'server.properties')
  const clusterId =
    former?.clusterId ?? of?.clusterId ?? firstVoter?.clusterId ?? randomBytes(16).toString('base64url')
  const usual = propertiesOf(plain, of?.controllerPort ?? controller, logDir)
  const quorum = quorumProperties(options, controller)
  const own = { ...usual, ...withListeners(usual, listeners), ...quorum.properties, ...more }
  for (const key of quorum.without) delete own[key]
  const said = textOf(of === undefined ? own : { ...own, ...brokerAlone(plain) })
  writeFileSync(properties, (await options.file?.({ plain, controller })) ?? said)
  try {
    if (former === undefined) await format(properties, clusterId, features, quorum.format)
    mkdirSync(logs, { recursive: true })
    const kept = await keep({
      command: 'java',
      args: [
        ...jvmFlags,
        '-Dorg.slf4j.simpleLogger.defaultLogLevel=info',
        '-cp',
        `${libs}*`,
        'kafka.Kafka',
        properties,
      ],
      logFile: `${logs}${name}.log`,
      readyLine: 'Kafka Server started',
      folder,
      patienceMs: 20_000,
    })
    return { ...kept, port: plain, controllerPort: controller, clusterId, logDir, remove }
  } catch (cause) {
    rmSync(folder, { recursive: true, force: true })
    remove()
    throw cause
  }
}

async function format(
  properties: string,
  clusterId: string,
  features: Readonly<Record<string, number>>,
  more: readonly string[],
): Promise<void> {
  const levels = Object.entries(features).flatMap(([name, level]) => ['--feature', `${name}=${level}`])
  const args = ['format', `--cluster-id=${clusterId}`, '-c', properties, ...levels, ...more]
  await java('kafka.tools.StorageTool', args)
}

interface QuorumProperties {
  readonly properties: Record<string, string | number>
  readonly without: readonly string[]
  readonly format: readonly string[]
}

/** Voters that stand in a file, or a quorum that keeps them itself (KIP-853). */
function quorumProperties({ isFirstVoter, firstVoter }: OwnKafkaOptions, port: number): QuorumProperties {
  if (isFirstVoter !== true && firstVoter === undefined) return { properties: {}, without: [], format: [] }
  const bootstrap = 'controller.quorum.bootstrap.servers'
  const own = `127.0.0.1:${port}`
  const without = ['controller.quorum.voters']
  if (firstVoter === undefined) {
    return { properties: { [bootstrap]: own }, without, format: ['--standalone'] }
  }
  const controllerAlone = { 'process.roles': 'controller', 'node.id': 2, listeners: `CONTROLLER://${own}` }
  const properties = { ...controllerAlone, [bootstrap]: `127.0.0.1:${firstVoter.controllerPort},${own}` }
  return { properties, without, format: ['--no-initial-controllers'] }
}

function propertiesOf(port: number, controllerPort: number, logDir: string): Record<string, string | number> {
  return {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': logDir,
    'log.index.size.max.bytes': 1 << 16,
    'log.retention.ms': -1,
    // Compaction is part of what is to be read, and nobody wants to wait for it.
    'log.cleaner.backoff.ms': 200,
    'log.cleaner.dedupe.buffer.size': 1 << 22,
    'log.initial.task.delay.ms': 500,
    'auto.create.topics.enable': 'false',
    'group.initial.rebalance.delay.ms': 0,
    'offsets.topic.num.partitions': 3,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.num.partitions': 3,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
  }
}

function withListeners(
  usual: Record<string, string | number>,
  listeners: NonNullable<OwnKafkaOptions['listeners']>,
): Record<string, string> {
  const map = 'listener.security.protocol.map'
  const at = listeners.map(({ name, port }) => `${name}://127.0.0.1:${port}`)
  const protocols = listeners.map(({ name, protocol }) => `${name}:${protocol}`)
  return {
    listeners: [usual.listeners, ...at].join(','),
    [map]: [usual[map], ...protocols].join(','),
  }
}

function brokerAlone(port: number): Record<string, string | number> {
  return { 'process.roles': 'broker', listeners: `PLAINTEXT://127.0.0.1:${port}` }
}

function textOf(entries: Record<string, string | number>): string {
  return Object.entries(entries)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('')
}
