import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { STANDARD_AUTHORIZER } from '../../../src/lib/broker/security/authorizer-settings.ts'
import { systemClock } from '../../../src/lib/ports/clock.ts'
import { alterUserScramCredentials } from '../../../src/lib/protocol/apis/alter-user-scram-credentials.ts'
import { connected } from '../../conformance/wire/connection.ts'
import { goldenFiles } from '../../golden/vectors.ts'
import { sessionRules } from '../../replay/rules.ts'
import { Replay, readSession, type Session } from '../../replay/session.ts'
import { prepare, servedApis } from '../../replay/setup.ts'
import { type BrokerInProcess, brokerInProcess } from '../../support/broker-in-process.ts'

/** Logins are played where listeners have them, and who wanted tokens in delegation-tokens.test.ts. */
const LATER_APIS = new Set([17, 36, 38])

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
  // Another client's user.
  /^DescribeUserScramCredentials .*results( has|\[user=u2\])/,
  // Nobody listens for other controllers here.
  /^DescribeQuorum .*listeners/,
]

/** Who leads a group once its leader has left depends on ids that are drawn. */
const byChance = new Set(['java-group-classic-cooperative', 'kafkajs-consume'])

const CONSUMER_GROUP_HEARTBEAT = 68

/** Groups of the newer protocol look at the time of day: theirs is that of the recording. */
const isByTheClock = ({ lines }: Session) => lines.some(({ apiKey }) => apiKey === CONSUMER_GROUP_HEARTBEAT)

const settings = {
  'offsets.topic.num.partitions': '3',
  'transaction.state.log.num.partitions': '3',
  // Nobody waits between requests here as that client did.
  'group.share.assignment.interval.ms': '0',
  'authorizer.class.name': STANDARD_AUTHORIZER,
  'super.users': 'User:ANONYMOUS',
}

let rig: BrokerInProcess
let served: Set<number>

beforeAll(async () => {
  rig = await brokerInProcess({ settings })
  served = await servedApis(rig.port)
  // Who had a password there already.
  const password = { salt: Buffer.alloc(16), saltedPassword: Buffer.alloc(32) }
  const carol = { name: 'carol', mechanism: 1, iterations: 4096, ...password }
  await connected(rig.port, (connection) =>
    connection.ask(alterUserScramCredentials, 0, { deletions: [], upsertions: [carol] }),
  )
})

afterAll(() => rig[Symbol.asyncDispose]())

describe.concurrent('what real clients said to Apache Kafka gets answers of the same shape', () => {
  it.each(sessions)('$name', { timeout: 60_000 }, async ({ name, session }) => {
    const replay = isByTheClock(session)
      ? await replayByTheClock(name, session)
      : await replayed(rig.port, name, session)
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

async function replayed(
  port: number,
  name: string,
  session: Session,
  timePasses?: (tMs: number) => void,
): Promise<Replay> {
  await prepare(port, name, session)
  const replay = new Replay(port, sessionRules, served, timePasses)
  await replay.run(session)
  return replay
}

async function replayByTheClock(name: string, session: Session): Promise<Replay> {
  const system = systemClock(() => process.hrtime())
  const beginMs = system.nowMs()
  let passedMs = 0
  const clock = { ...system, nowMs: () => beginMs + passedMs }
  await using own = await brokerInProcess({ settings, clock })
  return await replayed(own.port, name, session, (tMs) => {
    passedMs = tMs
  })
}
