import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { STANDARD_AUTHORIZER } from '../../../src/lib/broker/security/authorizer-settings.ts'
import { goldenFiles } from '../../golden/vectors.ts'
import { sessionRules } from '../../replay/rules.ts'
import { Replay, readSession } from '../../replay/session.ts'
import { prepare, servedApis } from '../../replay/setup.ts'
import { type BrokerInProcess, brokerInProcess } from '../../support/broker-in-process.ts'

/** Consumer groups, SASL and delegation tokens are the second half's. */
const LATER_APIS = new Set([17, 36, 38, 68])

const sessions = goldenFiles('wire/sessions')
  .map((file) => ({
    name: file.replace(/^.*\/|\.ndjson\.gz$/g, ''),
    session: readSession(readFileSync(new URL(`../../golden/${file}`, import.meta.url))),
  }))
  .filter(({ session }) => session.nodes === 1)
  .filter(({ session }) => !session.lines.some(({ apiKey }) => LATER_APIS.has(apiKey)))

/** Where we differ, and why that is right. */
const known: readonly RegExp[] = [
  // Our internal topics are there when the answer is: nobody has to ask twice.
  /^FindCoordinator .*coordinators\[.*\]\.(nodeId|host|port|errorCode|errorMessage)/,
  /^InitProducerId .*(errorCode is 0, Kafka's is 14|producerId|producerEpoch)/,
  // What that broker was told in its server.properties.
  /^DescribeConfigs .*results\[resourceName=1\]\.configs/,
  // What else there was on that broker, and is on ours.
  /__share_group_state|configResources|results\[0\]\.topics has|logEndOffset|__consumer_offsets.*activeProducers/,
  // Nobody listens for other controllers here.
  /^DescribeQuorum .*listeners/,
]

/** Who leads a group once its leader has left depends on ids that are drawn. */
const byChance = new Set(['java-group-classic-cooperative', 'kafkajs-consume'])

let rig: BrokerInProcess
let served: Set<number>

beforeAll(async () => {
  rig = await brokerInProcess({
    settings: {
      'offsets.topic.num.partitions': '3',
      'transaction.state.log.num.partitions': '3',
      // Nobody waits between requests here as that client did.
      'group.share.assignment.interval.ms': '0',
      'authorizer.class.name': STANDARD_AUTHORIZER,
      'super.users': 'User:ANONYMOUS',
    },
  })
  served = await servedApis(rig.port)
})

afterAll(() => rig[Symbol.asyncDispose]())

describe.concurrent('what real clients said to Apache Kafka gets answers of the same shape', () => {
  it.each(sessions)('$name', { timeout: 60_000 }, async ({ name, session }) => {
    await prepare(rig.port, name, session)
    const replay = new Replay(rig.port, sessionRules, served)
    await replay.run(session)
    const found = replay.exchanges.flatMap(({ api, version, differences }) =>
      differences.map((difference) => `${api} v${version}: ${difference}`),
    )
    const left = found.filter((each) => !known.some((pattern) => pattern.test(each)))
    const isOfOthers = (each: string) => /groupId=t-/.test(each) && !each.includes(`groupId=${session.topic}`)
    const isDue = (each: string) =>
      !isOfOthers(each) && !(byChance.has(name) && /^(Join|Sync)Group .*(members|assignment)/.test(each))
    expect(left.filter(isDue)).toEqual([])
  })
})
