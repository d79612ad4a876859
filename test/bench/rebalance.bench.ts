/**
 * Groups of 500 members in a topic of 500 partitions, of both protocols, by the local broker and by Apache Kafka: how
 * long it takes until each member has its partition, and, once one has left, until another has that one. Members look
 * after a tenth of a second, not after seconds, so that the broker is measured. Needs a build, Java and Kafka's jars.
 */
import { createTopics } from '../../src/lib/protocol/apis/create-topics.ts'
import { describeGroups } from '../../src/lib/protocol/apis/describe-groups.ts'
import { findCoordinator } from '../../src/lib/protocol/apis/find-coordinator.ts'
import { errorCodes } from '../../src/lib/protocol/error-codes.ts'
import { type Connection, connected } from '../conformance/wire/connection.ts'
import { type BenchBroker, type Maker, removeDir, startKafka, startOurs } from './broker/brokers.ts'
import { ClassicMember } from './broker/classic-member.ts'
import { ConsumerMember } from './broker/consumer-member.ts'
import type { GroupMember } from './broker/group-member.ts'

const MEMBERS = 500
const TOPIC = 'shared'
const LIMIT_SECONDS = 10
const PATIENCE_MS = 120_000

const say = (line: string) => void process.stdout.write(`${line}\n`)
const protocols = { consumer: ConsumerMember, classic: ClassicMember }
const dirs: string[] = []
try {
  for (const make of [startOurs, startKafka]) await measure(make)
} finally {
  for (const dir of dirs) removeDir(dir)
}

async function measure(make: Maker): Promise<void> {
  const broker = await make()
  dirs.push(broker.dataDir)
  const topics = [{ name: TOPIC, numPartitions: MEMBERS, replicationFactor: 1 }]
  await connected(broker.port, (admin) => admin.ask(createTopics, 7, { topics, timeoutMs: 30_000 }))
  await connected(broker.port, untilLoaded)
  for (const protocol of ['consumer', 'classic'] as const) await rebalance(broker, protocol)
  await broker.stop()
}

/** The topic that keeps the groups is made for the first who asks, and is not there at once. */
async function untilLoaded(admin: Connection): Promise<void> {
  for (const groupId of Object.keys(protocols)) {
    const isLoaded = async () => {
      await admin.ask(findCoordinator, 4, { keyType: 0, coordinatorKeys: [groupId] })
      const { groups } = await admin.ask(describeGroups, 5, { groups: [groupId] })
      return (
        groups[0]?.errorCode === errorCodes.NONE || groups[0]?.errorCode === errorCodes.GROUP_ID_NOT_FOUND
      )
    }
    while (!(await isLoaded())) await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function rebalance(broker: BenchBroker, protocol: keyof typeof protocols): Promise<void> {
  const membership = { port: broker.port, groupId: protocol, topic: TOPIC }
  const members = Array.from({ length: MEMBERS }, () => new protocols[protocol](membership))
  const start = performance.now()
  const lives = members.map((member) => member.live())
  await until(() => isShared(members))
  const joinedSeconds = (performance.now() - start) / 1000
  const [first, ...rest] = members
  const left = performance.now()
  await first?.leave()
  await until(() => isShared(rest))
  const leftSeconds = (performance.now() - left) / 1000
  const isHeld = broker.name !== 'ktool' || Math.max(joinedSeconds, leftSeconds) <= LIMIT_SECONDS
  if (!isHeld) process.exitCode = 1
  say(
    `${broker.name}, ${protocol} protocol: ${MEMBERS} members have joined after ${joinedSeconds.toFixed(1)} s, ` +
      `are ${MEMBERS - 1} after ${leftSeconds.toFixed(1)} s more (held to ${LIMIT_SECONDS})${isHeld ? '' : '  EXCEEDED'}; ` +
      `resident ${Math.round(broker.residentMiB())} MiB`,
  )
  await Promise.all(rest.map((member) => member.leave()))
  await Promise.all(lives)
}

/** All are of one generation, and each partition is somebody's. */
function isShared(members: readonly GroupMember[]): boolean {
  const [first] = members
  if (first === undefined || members.some(({ generation }) => generation !== first.generation)) return false
  const owned = members.flatMap(({ partitions }) => partitions)
  return owned.length === MEMBERS && new Set(owned).size === MEMBERS
}

async function until(isOver: () => boolean): Promise<void> {
  const start = performance.now()
  while (!isOver()) {
    if (performance.now() - start > PATIENCE_MS) throw new Error('the group has not come to rest')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
