import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fetchJars, javaOf, jvmFlags } from '../conformance/kafka/java.ts'
import { type Kept, keep } from '../conformance/kafka/keep.ts'
import { freePorts } from '../conformance/kafka/start.ts'

/** The last Kafka that knew ZooKeeper, without it, and one of the oldest that ktool is for, with it. */
export const olderVersions = ['3.9.1', '2.3.1'] as const
export type OlderVersion = (typeof olderVersions)[number]

export interface OlderKafka {
  readonly port: number
  /** Runs a tool of that very Kafka. */
  readonly tool: (className: string, args: string[]) => Promise<string>
  readonly stop: () => Promise<void>
}

const root = fileURLToPath(new URL('../../', import.meta.url))

/** One broker of that version, on a free port, in a temporary folder. */
export async function startOlderKafka(version: OlderVersion): Promise<OlderKafka> {
  const cache = `${root}.cache/kafka-${version}/`
  const libs = `${cache}libs/`
  mkdirSync(`${cache}logs`, { recursive: true })
  await fetchJars(`${root}test/nightly/kafka-${version}/pom.xml`, libs)
  const folder = mkdtempSync(join(tmpdir(), `ktool-kafka-${version}-`))
  const { plain, controller } = await freePorts()
  const run: Run = { folder, libs, logs: `${cache}logs/`, port: plain, other: controller }
  const started = version === '2.3.1' ? await startWithZooKeeper(run) : await startWithQuorum(run)
  return {
    port: plain,
    tool: (className, args) => javaOf(`${libs}*`, className, args),
    stop: async () => {
      for (const each of started.reverse()) await each.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

interface Run {
  readonly folder: string
  readonly libs: string
  readonly logs: string
  readonly port: number
  /** Of ZooKeeper, or of the controller. */
  readonly other: number
}

async function startWithQuorum(run: Run): Promise<Kept[]> {
  const properties = written(run, 'server', {
    ...usual(run),
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${run.other}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://127.0.0.1:${run.port},CONTROLLER://127.0.0.1:${run.other}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  })
  const id = randomBytes(16).toString('base64url')
  await javaOf(`${run.libs}*`, 'kafka.tools.StorageTool', ['format', `--cluster-id=${id}`, '-c', properties])
  return [await begun(run, 'server', ['kafka.Kafka', properties], 'Kafka Server started')]
}

async function startWithZooKeeper(run: Run): Promise<Kept[]> {
  const keeper = written(run, 'zookeeper', {
    dataDir: join(run.folder, 'zookeeper'),
    clientPort: run.other,
    clientPortAddress: '127.0.0.1',
  })
  const server = ['org.apache.zookeeper.server.quorum.QuorumPeerMain', keeper]
  const zooKeeper = await begun(run, 'zookeeper', server, 'binding to port')
  const properties = written(run, 'server', {
    ...usual(run),
    'broker.id': 1,
    'zookeeper.connect': `127.0.0.1:${run.other}`,
    listeners: `PLAINTEXT://127.0.0.1:${run.port}`,
    'authorizer.class.name': 'kafka.security.auth.SimpleAclAuthorizer',
  })
  try {
    return [zooKeeper, await begun(run, 'server', ['kafka.Kafka', properties], '[KafkaServer id=1] started')]
  } catch (cause) {
    await zooKeeper.stop()
    throw cause
  }
}

function usual({ folder }: Run): Record<string, string | number> {
  return {
    'log.dirs': join(folder, 'data'),
    'auto.create.topics.enable': 'false',
    'log.retention.ms': -1,
    'group.initial.rebalance.delay.ms': 0,
    'offsets.topic.num.partitions': 3,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.num.partitions': 3,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'super.users': 'User:ANONYMOUS',
  }
}

function written({ folder }: Run, name: string, entries: Record<string, string | number>): string {
  const path = join(folder, `${name}.properties`)
  const lines = Object.entries(entries).map(([key, value]) => `${key}=${value}\n`)
  writeFileSync(path, lines.join(''))
  return path
}

function begun({ folder, libs, logs }: Run, name: string, args: string[], readyLine: string): Promise<Kept> {
  return keep({
    command: 'java',
    args: [...jvmFlags, '-Dorg.slf4j.simpleLogger.defaultLogLevel=info', '-cp', `${libs}*`, ...args],
    logFile: `${logs}${name}.log`,
    readyLine,
    // Its own is removed with it; the rest is of several.
    folder: mkdtempSync(join(folder, `${name}-`)),
    patienceMs: 20_000,
  })
}
