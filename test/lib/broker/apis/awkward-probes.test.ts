import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { goldenLines } from '../../../golden/vectors.ts'
import { Identities } from '../../../replay/identities.ts'
import { type Probe, Prober } from '../../../replay/probes.ts'
import { exactRules } from '../../../replay/rules.ts'
import { type BrokerInProcess, brokerInProcess } from '../../../support/broker-in-process.ts'

/** Put to Apache Kafka 4.3.1 on a directory with the features that this broker formats. */
const probes = goldenLines<Probe>('broker/awkward-probes.ndjson.gz')
const groups = [...new Set(probes.map(({ group }) => group))]

let rig: BrokerInProcess
const ids = new Identities()

beforeAll(async () => {
  rig = await brokerInProcess({ settings: { 'offsets.topic.num.partitions': '3' } })
})

afterAll(() => rig[Symbol.asyncDispose]())

describe.sequential('limits, levels and lengths that make no sense are answered as Apache Kafka did', () => {
  it.each(groups)('%s', { timeout: 60_000 }, async (group) => {
    const prober = new Prober(rig.port, exactRules, ids)
    const found: string[] = []
    for (const probe of probes.filter((each) => each.group === group)) {
      const { differences } = await prober.put(probe)
      if (differences.length > 0) found.push(`${probe.probe}: ${differences.slice(0, 3).join('; ')}`)
    }
    prober.close()
    expect(found).toEqual([])
  })
})
