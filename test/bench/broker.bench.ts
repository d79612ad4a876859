/**
 * The local broker beside Apache Kafka 4.3.1 and librdkafka's mock broker: the same clients, in one run. Needs a
 * build, Java, Kafka's jars (`npm run conformance` fetches them), a C compiler, and Go to fetch librdkafka.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTopics } from '../../src/lib/protocol/apis/create-topics.ts'
import { deleteTopics } from '../../src/lib/protocol/apis/delete-topics.ts'
import { connected } from '../conformance/wire/connection.ts'
import { type BenchBroker, libs, type Maker, removeDir, startKafka, startOurs } from './broker/brokers.ts'
import { Frames } from './broker/frames.ts'
import { bareProgram, librdkafkaProgram, replayProgram } from './broker/native.ts'

const ROUNDS = Number(process.env.KTOOL_BENCH_ROUNDS ?? 3)
/** Of each produce and fetch run: less than a segment, and little enough to stay in memory. */
const MIB = Number(process.env.KTOOL_BENCH_MIB ?? 512)
/** Of what takes a moment only: compilers of both need some, and the machine has its moods. Java's take longer. */
const SHORT_ROUNDS = ROUNDS + 7
const MESSAGES = 3_000_000
const oneMib = Buffer.alloc(2 ** 20)

/** Of what is over in less than a second: the host of a virtual machine takes more than that for itself at times. */
const MOMENTARY_ROUNDS = 3 * SHORT_ROUNDS

/** They are what is measured, and their best round is their luck. */
const byConsumers = { rounds: SHORT_ROUNDS, of: median }

const say = (line: string) => void process.stdout.write(`${line}\n`)
const held = (is: boolean) => {
  if (!is) process.exitCode = 1
  return is ? '' : '  EXCEEDED'
}

if (!existsSync(libs)) throw new Error('run `npm run conformance` first: it fetches Kafka')
const replay = replayProgram()
const librdkafka = librdkafkaProgram()
const folder = mkdtempSync(join(tmpdir(), 'ktool-bench-frames-'))
const frames = new Frames(folder)
const dirs: string[] = []

try {
  await starts()
  const ours = await begun(startOurs)
  say(`resident when idle: ktool ${mib(ours)} (held to 60)${held(ours.residentMiB() <= 60)}`)
  const kafka = await begun(startKafka)
  // First, while neither has done anything else: after millions of messages a virtual machine takes longer to wake.
  await trips(ours, kafka)
  await besideMock(ours)
  await produceAndFetch(ours, kafka)
  await byLibrdkafka(ours, kafka)
  byJava(ours, kafka)
  say(
    `resident after that: ktool ${mib(ours)} (held to 120)${held(ours.residentMiB() <= 120)}, Kafka ${mib(kafka)}`,
  )
  await ours.stop()
  await kafka.stop()
  await idleConnections()
  await manyPartitions()
} finally {
  for (const dir of dirs) removeDir(dir)
  rmSync(folder, { recursive: true })
}

async function begun(make: Maker, dataDir?: string): Promise<BenchBroker> {
  const broker = await make(dataDir)
  dirs.push(broker.dataDir)
  return broker
}

async function starts(): Promise<void> {
  const times = {
    ours: Number.POSITIVE_INFINITY,
    kafka: Number.POSITIVE_INFINITY,
    node: Number.POSITIVE_INFINITY,
  }
  for (let round = 0; round < ROUNDS + 2; round++) {
    const start = performance.now()
    spawnSync(process.execPath, ['-e', '0'])
    times.node = Math.min(times.node, performance.now() - start)
    const ours = await begun(startOurs)
    times.ours = Math.min(times.ours, ours.readyMs)
    await ours.stop()
  }
  const kafka = await begun(startKafka)
  times.kafka = kafka.readyMs
  await kafka.stop()
  const [byNode, byKafka] = [times.ours / times.node, times.ours / times.kafka]
  say(
    `start to first metadata: ktool ${times.ours.toFixed(0)} ms, ${byNode.toFixed(2)}× node -e 0 (held to 4), ` +
      `${byKafka.toFixed(3)}× Kafka's ${times.kafka.toFixed(0)} ms (held to 0.1)${held(byNode <= 4 && byKafka <= 0.1)}`,
  )
}

async function trips(ours: BenchBroker, kafka: BenchBroker): Promise<void> {
  const figures = { ours: [] as number[][], kafka: [] as number[][] }
  const frame = frames.produce('trips', 100)
  for (const broker of [ours, kafka]) await createTopic(broker, 'trips')
  settleDisk()
  for (let round = 0; round < SHORT_ROUNDS; round++) {
    for (const [name, broker] of [
      ['ours', ours],
      ['kafka', kafka],
    ] as const) {
      figures[name].push(numbers(execFileSync(replay, ['trips', String(broker.port), frame, '3000'])))
    }
  }
  const [p50, p99] = typical(figures.ours)
  const [kafka50, kafka99] = typical(figures.kafka)
  say(
    `one request at a time: p50 ${p50} µs (Kafka ${kafka50}), p99 ${p99} µs (Kafka ${kafka99}; held to its half)` +
      held(p50 <= kafka50 && p99 <= kafka99 / 2),
  )
}

async function produceAndFetch(ours: BenchBroker, kafka: BenchBroker): Promise<void> {
  for (const batchBytes of [1_000_000, 65_536, 16_384]) {
    const topic = `raw-${batchBytes}`
    for (const broker of [ours, kafka]) await createTopic(broker, topic)
    compare(
      `produce by replay, ${batchBytes} bytes`,
      () => replayed(ours, topic, batchBytes),
      () => replayed(kafka, topic, batchBytes),
      1.5,
      'GiB/s',
    )
    for (const broker of [ours, kafka]) await deleteTopic(broker, topic)
  }
  for (const broker of [ours, kafka]) {
    await createTopic(broker, 'fetched')
    replayed(broker, 'fetched', 1_000_000)
  }
  settleDisk()
  compare(
    'fetch by replay, 1 MiB',
    () => fetched(ours, 'fetched'),
    () => fetched(kafka, 'fetched'),
    1.5,
    'GiB/s',
    { rounds: MOMENTARY_ROUNDS },
  )
  bareFetches(join(ours.dataDir, 'fetched-0', '00000000000000000000.log'))
}

/** What the machine has to give: Kafka has the system send the file, which Node has no call for. */
function bareFetches(file: string): void {
  const bare = bareProgram()
  const rateOf = (way: string) => {
    const [bytes = 0, seconds = 1] = numbers(execFileSync(bare, [way, file, String(MIB * 2 ** 20)]))
    return bytes / 2 ** 30 / seconds
  }
  const rates = (way: string) => best(Array.from({ length: MOMENTARY_ROUNDS }, () => rateOf(way)))
  const [copied, sent] = [rates('copy'), rates('sendfile')]
  say(
    `${'  in C, without a protocol'.padEnd(40)} ${copied.toFixed(2)} GiB/s by read and write, ${sent.toFixed(2)} by sendfile`,
  )
}

/** GiB a second. */
function replayed({ port }: BenchBroker, topic: string, batchBytes: number): number {
  settleDisk()
  const count = Math.round((MIB * 2 ** 20) / batchBytes)
  const args = ['produce', String(port), frames.produce(topic, batchBytes), String(count), '5']
  const [seconds = 1] = numbers(execFileSync(replay, args))
  return MIB / 1024 / seconds
}

function fetched({ port }: BenchBroker, topic: string): number {
  const { file, offsetAt, recordsAt } = frames.fetch(topic, 1 << 20)
  const wanted = MIB * 2 ** 20 - (1 << 21)
  const args = ['fetch', port, file, offsetAt, wanted, recordsAt].map(String)
  const [bytes = 0, seconds = 1] = numbers(execFileSync(replay, args))
  return bytes / 2 ** 30 / seconds
}

async function besideMock(ours: BenchBroker): Promise<void> {
  if (librdkafka === undefined) return say('librdkafka: Go cannot fetch it, left out')
  await createTopic(ours, 'mocked')
  compare(
    'produce by librdkafka, beside its mock',
    () => producedBy(`127.0.0.1:${ours.port}`, 'mocked'),
    () => producedBy('mock', 'mocked'),
    0.7,
    'M/s',
    { rounds: SHORT_ROUNDS },
  )
}

async function byLibrdkafka(ours: BenchBroker, kafka: BenchBroker): Promise<void> {
  if (librdkafka === undefined) return
  for (const broker of [ours, kafka]) await createTopic(broker, 'rdkafka')
  const produce = ({ port }: BenchBroker) => producedBy(`127.0.0.1:${port}`, 'rdkafka')
  const consume = ({ port }: BenchBroker) => {
    const [seconds = 1] = byNative(['consume', `127.0.0.1:${port}`, 'rdkafka', String(MESSAGES)])
    return MESSAGES / seconds / 1e6
  }
  compare(
    'produce by librdkafka, beside Kafka',
    () => produce(ours),
    () => produce(kafka),
    1,
    'M/s',
    { rounds: SHORT_ROUNDS },
  )
  compare(
    'consume by librdkafka, beside Kafka',
    () => consume(ours),
    () => consume(kafka),
    1,
    'M/s',
    { ...byConsumers, rounds: MOMENTARY_ROUNDS },
  )
}

/** Millions of messages of 100 bytes a second, in batches of 1 MB. */
function producedBy(to: string, topic: string): number {
  settleDisk()
  const [seconds = 1] = byNative(['produce', to, topic, String(MESSAGES), '100', '1000000'])
  return MESSAGES / seconds / 1e6
}

function byNative(args: readonly string[]): number[] {
  return numbers(execFileSync(librdkafka ?? '', args, { stdio: ['ignore', 'pipe', 'ignore'] }))
}

function byJava(ours: BenchBroker, kafka: BenchBroker): void {
  const tool = (broker: BenchBroker, name: string, args: string[]) => {
    const java = ['-Xmx1G', '-cp', `${libs}*`, `org.apache.kafka.tools.${name}`, ...args]
    return execFileSync('java', [...java, '--bootstrap-server', `127.0.0.1:${broker.port}`], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  }
  const produce = (broker: BenchBroker) => {
    // Of several of the flag the tool hears the last one.
    const settings = ['--command-property', 'acks=1', 'batch.size=262144', 'linger.ms=5']
    const wish = [
      '--topic',
      'java',
      '--num-records',
      String(MESSAGES),
      '--record-size',
      '100',
      '--throughput',
      '-1',
    ]
    const said = tool(broker, 'ProducerPerformance', [...wish, ...settings]).toString()
    return Number(/([\d.]+) records\/sec[^\n]*\n?$/.exec(said.trim())?.[1] ?? 0) / 1e6
  }
  const consume = (broker: BenchBroker) => {
    const said = tool(broker, 'ConsumerPerformance', [
      '--topic',
      'java',
      '--num-records',
      String(MESSAGES),
      '--timeout',
      '60000',
    ])
    return Number(said.toString().trim().split('\n').at(-1)?.split(', ').at(-1) ?? 0) / 1e6
  }
  compare(
    'produce by Java',
    () => produce(ours),
    () => produce(kafka),
    1,
    'M/s',
  )
  compare(
    'consume by Java (fetch time)',
    () => consume(ours),
    () => consume(kafka),
    1,
    'M/s',
    byConsumers,
  )
}

async function idleConnections(): Promise<void> {
  const count = 5000
  const broker = await begun(startOurs)
  const before = broker.residentMiB()
  const child = spawn(replay, ['idle', String(broker.port), frames.metadata(), String(count)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  await new Promise((resolve) => child.stdout.once('data', resolve))
  const each = ((broker.residentMiB() - before) * 1024) / count
  say(`idle connections: ${each.toFixed(1)} KiB each of ${count} (held to 30)${held(each <= 30)}`)
  child.kill()
  await broker.stop()
}

async function manyPartitions(): Promise<void> {
  const broker = await begun(startOurs)
  for (let i = 0; i < 10; i++) await createTopic(broker, `many-${i}`, 100)
  await broker.stop()
  const again = await startOurs(broker.dataDir)
  say(
    `restart with 1,000 partitions: ${again.readyMs.toFixed(0)} ms (held to 2000)${held(again.readyMs <= 2000)}`,
  )
  await again.stop()
}

/** Turn by turn. */
function compare(
  name: string,
  ours: () => number,
  theirs: () => number,
  limit: number,
  unit: string,
  { rounds = ROUNDS, of = best }: { rounds?: number; of?: (rates: number[]) => number } = {},
): void {
  const rates = { ours: [] as number[], theirs: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    rates.ours.push(ours())
    rates.theirs.push(theirs())
  }
  const [our, their] = [of(rates.ours), of(rates.theirs)]
  say(
    `${name.padEnd(40)} ${our.toFixed(2)} ${unit}, beside ${their.toFixed(2)}: ` +
      `${(our / their).toFixed(2)}× (held to ${limit})${held(our / their >= limit)}`,
  )
}

async function createTopic({ port }: BenchBroker, name: string, numPartitions = 1): Promise<void> {
  const topics = [{ name, numPartitions, replicationFactor: 1 }]
  await connected(port, (connection) => connection.ask(createTopics, 7, { topics, timeoutMs: 30_000 }))
}

async function deleteTopic({ port }: BenchBroker, name: string): Promise<void> {
  await connected(port, (connection) =>
    connection.ask(deleteTopics, 5, { topicNames: [name], timeoutMs: 30_000 }),
  )
}

/**
 * Whoever is measured next must not wait for what others have written; nor, on a virtual machine, for the host to hand
 * out the memory that its files will be kept in.
 */
function settleDisk(): void {
  execFileSync('sync')
  const scratch = join(folder, 'scratch')
  const file = openSync(scratch, 'w')
  for (let i = 0; i < 2 * MIB; i++) writeSync(file, oneMib)
  closeSync(file)
  rmSync(scratch)
}

function numbers(output: Buffer): number[] {
  return output.toString().trim().split(/\s+/).map(Number)
}

function best(rates: number[]): number {
  return Math.max(...rates)
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1] ?? 0
}

/** The median of each column: one round without a hitch says nothing of how many there are. */
function typical(rows: readonly number[][]): [number, number] {
  return [median(rows.map(([p50 = 0]) => p50)), median(rows.map(([, p99 = 0]) => p99))]
}

function mib(broker: BenchBroker): string {
  return `${broker.residentMiB().toFixed(0)} MiB`
}
