import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { formerlyFormatted } from '../../../../src/lib/broker/controller/features.ts'
import { goldenLines } from '../../../golden/vectors.ts'
import { Identities } from '../../../replay/identities.ts'
import { type Probe, Prober } from '../../../replay/probes.ts'
import { exactRules } from '../../../replay/rules.ts'
import { type BrokerInProcess, brokerInProcess } from '../../../support/broker-in-process.ts'

/** Put to Apache Kafka 4.3.1 on a directory with these features alone, and now to this broker. */
export function describeProbes(title: string, file: string, rules = exactRules): void {
  const probes = goldenLines<Probe>(file)
  const groups = [...new Set(probes.map(({ group }) => group))]
  const ids = new Identities()
  let rig: BrokerInProcess

  describe.sequential(title, () => {
    beforeAll(async () => {
      rig = await brokerInProcess({
        settings: {
          'offsets.topic.num.partitions': '3',
          'share.coordinator.state.topic.num.partitions': '3',
        },
        features: formerlyFormatted,
      })
    })

    afterAll(() => rig[Symbol.asyncDispose]())

    it.each(groups)('%s', { timeout: 60_000 }, async (group) => {
      const prober = new Prober(rig.port, rules, ids)
      const found: string[] = []
      for (const probe of probes.filter((each) => each.group === group)) {
        const { differences } = await prober.put(probe)
        if (differences.length > 0) found.push(`${probe.probe}: ${differences.slice(0, 3).join('; ')}`)
      }
      prober.close()
      expect(found).toEqual([])
    })
  })
}
