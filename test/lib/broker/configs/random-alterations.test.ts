import { describe, expect, it } from 'vitest'
import { ApiError } from '../../../../src/lib/broker/api-error.ts'
import { afterwards, alteredBy } from '../../../../src/lib/broker/configs/altered-configs.ts'
import { BrokerConfigs } from '../../../../src/lib/broker/configs/broker-configs.ts'
import { configResource, resourceTypes } from '../../../../src/lib/broker/configs/config-resources.ts'
import {
  describeBroker,
  describeClientMetrics,
  describeGroup,
  describeTopic,
} from '../../../../src/lib/broker/configs/describe-resources.ts'
import { knownConfigs } from '../../../../src/lib/broker/configs/known-configs.ts'
import type { Controller } from '../../../../src/lib/broker/controller/controller.ts'
import { randomDraw, seedOfRun } from '../../../random.ts'
import { FakeDynamicConfigs } from './fake-dynamic-configs.ts'

const ROUNDS = 2000
const LONG = 32_767
const words = ['', ' ', '0', '1', '-1', '-2', '5000000', '9223372036854775807', '99999999999999999999', '1e3']
const more = [
  'true',
  'compact',
  'delete,compact',
  'gzip',
  'NaN',
  'Infinity',
  '0:1',
  '*',
  ',',
  '=',
  'a:b',
  '\u0000',
]
const long = [
  `a${' '.repeat(LONG)}b`,
  ','.repeat(LONG),
  '1'.repeat(LONG),
  'a, '.repeat(LONG / 3),
  `${'0'.repeat(LONG)}x`,
]
const values = [
  ...words,
  ...more,
  ...long,
  'by_duration:P1D',
  `by_duration:P${'1'.repeat(LONG)}`,
  'client_id=(a+)+',
]

describe('random alterations', () => {
  const seed = seedOfRun()
  it(`are refused as Kafka refuses, or can be read by everyone, with KTOOL_SEED=${seed}`, () => {
    const draw = randomDraw(seed)
    const pick = <T>(from: readonly T[]): T => from[Math.floor(draw() * from.length)] as T
    const names = [
      ...Object.values(knownConfigs).flatMap((known) => [...known.keys()]),
      '',
      'nope',
      'listener.name.a.b',
    ]
    const dynamic = new FakeDynamicConfigs()
    const configs = new BrokerConfigs(1, new Map())
    configs.follow(dynamic)
    // Nothing but the topic is asked of it
    const controller = { topicByName: () => ({}) } as unknown as Controller
    let accepted = 0
    for (let round = 0; round < ROUNDS; round++) {
      const type = pick(Object.values(resourceTypes))
      const resource = configResource({ configs, controller }, type, pick(['', '1', 't']))
      if (resource === undefined) continue
      const own = pick([names, [...knownConfigs[resource.type].keys()]])
      const alterations = [1, 2].map(() => ({
        name: pick(own),
        configOperation: pick([0, 0, 0, 1, 2, 3]),
        value: pick(values),
      }))
      try {
        resource.mustExist()
        const set = dynamic.configsOf(resource.type, resource.name)
        const wanted = afterwards(set, alteredBy(alterations, set, resource.find))
        resource.check(wanted)
        dynamic.set(resource.type, resource.name, Object.fromEntries(wanted))
        accepted++
      } catch (refusal) {
        expect(refusal).toBeInstanceOf(ApiError)
      }
      if (round % 50 === 0) readAll(configs)
    }
    readAll(configs)
    expect(accepted).toBeGreaterThan(ROUNDS / 50)
  })
})

function readAll(configs: BrokerConfigs): void {
  configs.topic('t')
  for (const name of knownConfigs.broker.keys()) configs.value(name)
  const told = [
    describeTopic(configs, 't'),
    describeBroker(configs),
    describeGroup(configs, 't'),
    describeClientMetrics(configs, 't'),
  ]
  for (const entry of told.flat()) if (entry.isSensitive) expect(entry.value).toBeNull()
}
