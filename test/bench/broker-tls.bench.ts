/**
 * What TLS costs the local broker and Apache Kafka 4.3.1: the same Java producer, plain and by TLS, turn by turn. Needs a
 * build, Java, and Kafka's jars (`npm run conformance` fetches them).
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createTopics } from '../../src/lib/protocol/apis/create-topics.ts'
import { connected } from '../conformance/wire/connection.ts'
import { freePort, libs, type Maker, removeDir, startKafka, startOurs } from './broker/brokers.ts'

const ROUNDS = Number(process.env.KTOOL_BENCH_ROUNDS ?? 3)
const MESSAGES = Number(process.env.KTOOL_BENCH_MESSAGES ?? 1_000_000)
const LEAST = 1 / 3

if (!existsSync(libs)) throw new Error('run `npm run conformance` first: it fetches Kafka')
/** From where the bundled bench lies. */
const stores = fileURLToPath(new URL('../../test/golden/key-stores/', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'ktool-bench-tls-'))
const keyStore = join(folder, 'server.pem')
writeFileSync(
  keyStore,
  ['server.key', 'server.pem'].map((name) => readFileSync(stores + name, 'utf8')).join(''),
)

try {
  const ours = await rates(startOurs)
  const kafka = await rates(startKafka)
  const isHeld = ours.ratio >= LEAST
  if (!isHeld) process.exitCode = 1
  process.stdout.write(
    `produce by Java and TLS: ktool ${ours.said}, held to ${LEAST.toFixed(2)}${isHeld ? '' : '  EXCEEDED'}; Kafka ${kafka.said}\n`,
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function rates(make: Maker): Promise<{ ratio: number; said: string }> {
  const secure = await freePort()
  const broker = await make(undefined, { port: secure, keyStore })
  try {
    const topics = [{ name: 'tls', numPartitions: 1, replicationFactor: 1 }]
    await connected(broker.port, (one) => one.ask(createTopics, 7, { topics, timeoutMs: 30_000 }))
    const trust = [
      'security.protocol=SSL',
      'ssl.truststore.type=PEM',
      `ssl.truststore.location=${stores}authority.pem`,
    ]
    const [plain, tls] = [[0], [0]]
    for (let round = 0; round < ROUNDS; round++) {
      plain.push(produced(broker.port, []))
      tls.push(produced(secure, trust))
    }
    const [best, bestByTls] = [Math.max(...plain), Math.max(...tls)]
    const ratio = bestByTls / best
    return { ratio, said: `${bestByTls.toFixed(2)} M/s of ${best.toFixed(2)} plain, ${ratio.toFixed(2)}×` }
  } finally {
    await broker.stop()
    removeDir(broker.dataDir)
  }
}

/** Millions of records of 100 bytes a second. */
function produced(port: number, properties: readonly string[]): number {
  const settings = ['acks=1', 'batch.size=262144', 'linger.ms=5', ...properties]
  const wish = ['--topic', 'tls', '--num-records', MESSAGES, '--record-size', 100, '--throughput', -1]
  // Of several such flags the tool takes the last alone
  const args = ['--bootstrap-server', `127.0.0.1:${port}`, ...wish, '--command-property', ...settings].map(
    String,
  )
  const java = ['-Xmx1G', '-cp', `${libs}*`, 'org.apache.kafka.tools.ProducerPerformance']
  const said = execFileSync('java', [...java, ...args], { stdio: ['ignore', 'pipe', 'ignore'] }).toString()
  return Number(/([\d.]+) records\/sec[^\n]*\n?$/.exec(said.trim())?.[1] ?? 0) / 1e6
}
