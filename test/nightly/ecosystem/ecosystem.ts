import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { fetchJars, javaOf, jvmFlags } from '../../conformance/kafka/java.ts'
import { type Kept, keep } from '../../conformance/kafka/keep.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const cache = fileURLToPath(new URL('../../../.cache/ecosystem/', import.meta.url))
const libs = `${cache}libs/`
const classes = `${cache}classes/`
const classPath = `${classes}:${libs}*`

/** Kafka Streams and Kafka Connect, by Maven, and our own program for the one. */
export async function fetchEcosystem(): Promise<void> {
  mkdirSync(classes, { recursive: true })
  await fetchJars(`${here}pom.xml`, libs)
  const compile = ['--release', '17', '-d', classes, '-cp', `${libs}*`, `${here}WordCount.java`]
  await promisify(execFile)('javac', compile)
}

/** Each word with its count, once so many are counted. */
export async function wordCount(bootstrap: string, stateDir: string, total: number): Promise<string[]> {
  const printed = await javaOf(classPath, 'WordCount', [bootstrap, stateDir, String(total)])
  return printed.trim().split('\n')
}

/** A worker of Kafka Connect that keeps in topics what it does, and writes what it reads in transactions. */
export function startDistributedConnect(bootstrap: string, folder: string, port: number): Promise<Kept> {
  const topics = Object.fromEntries(
    ['config', 'offset', 'status'].flatMap((kind) => [
      [`${kind}.storage.topic`, `connect-${kind}s`],
      [`${kind}.storage.replication.factor`, '1'],
    ]),
  )
  const worker = written(folder, 'distributed', {
    ...workerProperties(bootstrap, port),
    ...topics,
    'group.id': 'connect-workers',
    'offset.storage.partitions': '5',
    'exactly.once.source.support': 'enabled',
    'scheduled.rebalance.max.delay.ms': '0',
  })
  mkdirSync(`${cache}logs`, { recursive: true })
  return keep({
    command: 'java',
    args: [...jvmFlags, '-cp', classPath, 'org.apache.kafka.connect.cli.ConnectDistributed', worker],
    logFile: `${cache}logs/connect-distributed.log`,
    readyLine: 'Finished starting connectors and tasks',
    folder: join(folder, 'gone'),
    patienceMs: 120_000,
  })
}

function workerProperties(bootstrap: string, port: number): Record<string, string> {
  return {
    'bootstrap.servers': bootstrap,
    listeners: `http://127.0.0.1:${port}`,
    'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'offset.flush.interval.ms': '200',
    'plugin.discovery': 'service_load',
  }
}

/** A worker of Kafka Connect that copies the lines of one file to another, by a topic. */
export function startConnect(bootstrap: string, folder: string, port: number): Promise<Kept> {
  const files = [
    written(folder, 'worker', {
      ...workerProperties(bootstrap, port),
      'offset.storage.file.filename': join(folder, 'offsets'),
    }),
    written(folder, 'source', {
      name: 'file-source',
      'connector.class': 'org.apache.kafka.connect.file.FileStreamSourceConnector',
      file: join(folder, 'from.txt'),
      topic: 'connected',
    }),
    written(folder, 'sink', {
      name: 'file-sink',
      'connector.class': 'org.apache.kafka.connect.file.FileStreamSinkConnector',
      file: join(folder, 'to.txt'),
      topics: 'connected',
      'consumer.override.auto.offset.reset': 'earliest',
    }),
  ]
  mkdirSync(`${cache}logs`, { recursive: true })
  return keep({
    command: 'java',
    args: [...jvmFlags, '-cp', classPath, 'org.apache.kafka.connect.cli.ConnectStandalone', ...files],
    logFile: `${cache}logs/connect.log`,
    readyLine: 'Created connector file-sink',
    folder: join(folder, 'gone'),
    patienceMs: 120_000,
  })
}

function written(folder: string, name: string, properties: Record<string, string>): string {
  const path = join(folder, `${name}.properties`)
  writeFileSync(
    path,
    Object.entries(properties)
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
  )
  return path
}
