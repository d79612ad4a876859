import { afterAll, beforeAll, expect, it } from 'vitest'
import { type LocalBroker, startLocalBroker } from './clients/local-broker.ts'
import { java } from './kafka/java.ts'
import { type OwnKafka, startOwnKafka } from './kafka/start-own.ts'

/** What this broker does not have: tokens can be asked for, and are refused; groups of Kafka Streams cannot. */
const MISSING = /^describeStreamsGroups/

const properties = {
  'share.coordinator.state.topic.num.partitions': 3,
  'share.coordinator.state.topic.replication.factor': 1,
  'share.coordinator.state.topic.min.isr': 1,
}

let kafka: OwnKafka
let local: LocalBroker

beforeAll(async () => {
  const both = [
    startOwnKafka('admin-methods', { properties }),
    startLocalBroker(['--ephemeral', '-X', 'log.index.size.max.bytes=65536']),
  ] as const
  ;[kafka, local] = await Promise.all(both)
})

afterAll(async () => {
  await Promise.all([kafka.stop(), local.stop()])
  kafka.remove()
})

it('has for each method of the Java AdminClient what Apache Kafka has', { timeout: 120_000 }, async () => {
  const [theirs, ours] = await Promise.all(
    [`127.0.0.1:${kafka.port}`, local.bootstrap].map((bootstrap) => outcomes(bootstrap)),
  )
  expect(ours).toEqual(theirs)
})

async function outcomes(bootstrap: string): Promise<string[]> {
  const printed = await java('AdminMethods', [bootstrap])
  return printed
    .trim()
    .split('\n')
    .filter((line) => !MISSING.test(line))
    .map(scrubbed)
}

/** Without what is another one each time. */
function scrubbed(line: string): string {
  return line
    .replaceAll(/(?<![\w.-])[\w-]{22}(?![\w-])/g, 'ID')
    .replaceAll(/127\.0\.0\.1:\d+|localhost:\d+/g, 'ADDRESS')
    .replaceAll(/\b1[89]\d{11}\b|\b17\d{11}\b/g, 'TIME')
}
