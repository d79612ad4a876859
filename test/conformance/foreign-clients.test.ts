import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { incrementalAlterConfigs } from '../../src/lib/protocol/apis/incremental-alter-configs.ts'
import { listGroups } from '../../src/lib/protocol/apis/list-groups.ts'
import { type LocalBroker, startLocalBroker } from './clients/local-broker.ts'
import { clients, everything, go, installClients, prefix } from './clients/workloads.ts'
import { groupSettings } from './kafka/server-properties.ts'
import { connected } from './wire/connection.ts'

const GROUP_RESOURCE = 32

/** Those that speak the newer protocol of groups (KIP-848); nothing is done in transactions then. */
const modern = ['librdkafka, by confluent-kafka', '@platformatic/kafka', 'franz-go']
const { transactions: _, ...everythingButTransactions } = everything

let local: LocalBroker

beforeAll(async () => {
  await installClients()
  const settings = Object.entries(groupSettings).flatMap(([name, value]) => ['-X', `${name}=${value}`])
  local = await startLocalBroker(['--ephemeral', ...settings])
}, 600_000)

afterAll(async () => {
  expect(await local.stop()).toBe(0)
})

describe('other people’s clients do on the local broker what they do on Apache Kafka', () => {
  it.each(Object.entries(clients))('%s', { timeout: 180_000 }, async (_name, client) => {
    const { plain } = inject('kafka').ports
    const [onKafka, onOurs] = [
      await client(`127.0.0.1:${plain}`, prefix()),
      await client(local.bootstrap, prefix()),
    ]
    expect(onKafka).toEqual(everything)
    expect(onOurs).toEqual(everything)
  })

  it.each(modern)('%s, by group.protocol=consumer', { timeout: 180_000 }, async (name) => {
    const places = [`127.0.0.1:${inject('kafka').ports.plain}`, local.bootstrap]
    const [onKafka, onOurs] = await Promise.all(places.map((bootstrap) => inModernGroup(name, bootstrap)))
    expect(onKafka).toEqual([everythingButTransactions, 'consumer'])
    expect(onOurs).toEqual([everythingButTransactions, 'consumer'])
  })

  it('confluent-kafka-go, with delivery reports and a subscription by a regular expression', async () => {
    expect(await go('confluent', [local.bootstrap, prefix()])).toEqual({ delivered: 300, consumed: 300 })
  })
})

/** What it has done, and of which type its group has been. */
async function inModernGroup(name: string, bootstrap: string): Promise<unknown[]> {
  const own = prefix()
  return await connected(Number(bootstrap.split(':')[1]), async (connection) => {
    const group = `${own}-group`
    const configs = [{ name: 'consumer.heartbeat.interval.ms', configOperation: 0, value: '200' }]
    const resources = [{ resourceType: GROUP_RESOURCE, resourceName: group, configs }]
    await connection.ask(incrementalAlterConfigs, 1, { resources, validateOnly: false })
    const done = await clients[name]?.(bootstrap, own, 'consumer')
    const { groups } = await connection.ask(listGroups, 5, { statesFilter: [], typesFilter: [] })
    return [done, groups.find(({ groupId }) => groupId === group)?.groupType]
  })
}
