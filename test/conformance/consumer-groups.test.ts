import { afterAll, beforeAll, expect, it } from 'vitest'
import { randomDraw, seedOfRun } from '../random.ts'
import { type BrokerInProcess, brokerInProcess } from '../support/broker-in-process.ts'
import { BrokerPair, RepeatedIds } from './group-pair/pair.ts'
import { Story } from './group-pair/story.ts'
import { type OwnKafka, startOwnKafka } from './kafka/start-own.ts'
import { toldAnew } from './told-anew.ts'
import { Connection } from './wire/connection.ts'
import { GROUP, untilCoordinated } from './wire/coordinators.ts'

const seed = seedOfRun()
/** More of them: KTOOL_STORIES=200, and KTOOL_REQUESTS=100 for longer ones. */
const STORIES = Number(process.env.KTOOL_STORIES ?? 3)
const STEPS = Number(process.env.KTOOL_REQUESTS ?? 30)
const policies = ['bidirectional', 'upgrade', 'downgrade', 'disabled'] as const
const policy = process.env.KTOOL_POLICY ?? policies[seed % policies.length] ?? 'bidirectional'

const settings = {
  'offsets.topic.num.partitions': '1',
  'group.initial.rebalance.delay.ms': '0',
  'group.consumer.migration.policy': policy,
  'group.consumer.min.session.timeout.ms': '1',
  'group.min.session.timeout.ms': '1',
  'group.consumer.max.size': '5',
  'group.max.size': '5',
  'auto.create.topics.enable': 'false',
}

let kafka: OwnKafka
let ours: BrokerInProcess
let pair: BrokerPair
const ids = new RepeatedIds()

beforeAll(async () => {
  ;[kafka, ours] = await Promise.all([
    startOwnKafka('consumer-groups', { properties: settings }),
    brokerInProcess({ settings, random: ids }),
  ])
  for (const port of [kafka.port, ours.port]) {
    const connection = await Connection.open(port)
    await untilCoordinated(connection, GROUP, ['any'])
    connection.close()
  }
  pair = await BrokerPair.open({ theirs: kafka.port, ours: ours.port }, ids)
}, 60_000)

afterAll(async () => {
  pair.close()
  await ours[Symbol.asyncDispose]()
  await kafka.stop()
  kafka.remove()
})

it(
  `groups of both protocols get the same answers and write the same records as at Apache Kafka, ${policy}, seed ${seed}`,
  async () => {
    const tell = async (number: number, again: number) => {
      const story = new Story(`g${seed}-${number}-${again}`, pair, randomDraw(seed + number))
      const found = [...(await story.begin(STEPS))]
      await story.end()
      return found.map((each) => `story ${seed + number}: ${each}`)
    }
    const found: string[] = []
    for (let i = 0; i < STORIES && found.length < 5; i++) {
      found.push(
        ...(await toldAnew(
          (again) => tell(i, again),
          ({ length }) => length === 0,
        )),
      )
    }
    if (found.length > 0) throw new Error(found.join('\n'))
    expect(ours.lines.filter((line) => line.startsWith('error'))).toEqual([])
  },
  60_000 + STORIES * STEPS * 1000,
)
