import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { STANDARD_AUTHORIZER } from '../../../src/lib/broker/security/authorizer-settings.ts'
import { systemClock } from '../../../src/lib/ports/clock.ts'
import { Identities } from '../../replay/identities.ts'
import { Prober, readProbes } from '../../replay/probes.ts'
import { exactRules } from '../../replay/rules.ts'
import { servedApis } from '../../replay/setup.ts'
import { type BrokerInProcess, brokerInProcess } from '../../support/broker-in-process.ts'

/** When the probes were put to Apache Kafka: their records are of that day. */
const RECORDED_MS = 1_795_249_765_000

const probes = readProbes()
const groups = [...new Set(probes.map(({ group }) => group))]

/** Where we differ, and why that is right. */
const known: Readonly<Record<string, RegExp>> = {
  // The recorded broker had seen this group before.
  'v3: an empty member id is given one at once': /^generationId is 1, Kafka's is 3$/,
  'this broker, another, the default, nonsense': /^results\[resourceName=\]\.configs/,
  // What else there was on that broker, and how many records in the log of metadata.
  'elect all': /^replicaElectionResults( has|\[topic=__)/,
  'v0: the broker makes the member id': /^memberEpoch is 2, Kafka's is 4$/,
  'another group, described': /(groupEpoch|assignmentEpoch|memberEpoch) is 2, Kafka's is 4/,
  'group, unknown': /consumer\.assignment\.interval\.ms/,
  // Nobody listens for other controllers here.
  quorum: /(^nodes\[0\]\.listeners|(highWatermark|logEndOffset|lastFetchTimestamp|leaderEpoch) is)/,
}

let rig: BrokerInProcess
let served: ReadonlySet<number>
const ids = new Identities()

beforeAll(async () => {
  const system = systemClock(() => process.hrtime())
  const behindMs = system.nowMs() - RECORDED_MS
  rig = await brokerInProcess({
    clock: {
      ...system,
      nowMs: () => system.nowMs() - behindMs,
      // However busy the machine: what is asked again at once comes before what follows in a moment.
      after: (delayMs, run) => system.after(Math.max(delayMs, 50), run),
    },
    settings: {
      'offsets.topic.num.partitions': '3',
      'transaction.state.log.num.partitions': '3',
      'authorizer.class.name': STANDARD_AUTHORIZER,
      'super.users': 'User:ANONYMOUS',
      // The recording went slowly enough.
      'group.consumer.assignment.interval.ms': '0',
    },
  })
  served = await servedApis(rig.port)
})

afterAll(() => rig[Symbol.asyncDispose]())

describe.sequential('each awkward request gets the answer that Apache Kafka gave', () => {
  it.each(groups)('%s', { timeout: 60_000 }, async (group) => {
    const prober = new Prober(rig.port, exactRules, ids)
    const found: string[] = []
    for (const probe of probes.filter((each) => each.group === group)) {
      const { differences } = await prober.put(probe, served)
      const left = differences.filter((each) => !isKnown(probe.probe, each))
      if (left.length > 0) found.push(`${probe.probe}: ${left.slice(0, 3).join('; ')}`)
    }
    prober.close()
    expect(found).toEqual([])
  })
})

function isKnown(probe: string, difference: string): boolean {
  return Object.entries(known).some(
    ([where, what]) => (probe === where || difference.includes(where)) && what.test(difference),
  )
}
