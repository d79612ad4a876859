import { expect, it } from 'vitest'
import { createTopics } from '../../../../src/lib/protocol/apis/create-topics.ts'
import { describeConfigs } from '../../../../src/lib/protocol/apis/describe-configs.ts'
import { connected } from '../../../conformance/wire/connection.ts'
import { brokerInProcess } from '../../../support/broker-in-process.ts'

const TOPIC = 2
const CLIENT_METRICS = 16
const GROUP = 32

it('Settings come in the order in which Apache Kafka tells them, not in the one that was asked for', async () => {
  await using rig = await brokerInProcess()
  await connected(rig.port, async (connection) => {
    await connection.ask(createTopics, 7, {
      topics: [
        {
          name: 'orders',
          numPartitions: 1,
          replicationFactor: 1,
          configs: [{ name: 'retention.ms', value: '5' }],
        },
      ],
      timeoutMs: 5000,
    })
    const namesOf = async (
      resourceType: number,
      resourceName: string,
      configurationKeys: string[] | null,
    ) => {
      const resources = [{ resourceType, resourceName, configurationKeys }]
      const { results } = await connection.ask(describeConfigs, 4, { resources })
      return results[0]?.configs.map(({ name }) => name)
    }
    expect(await namesOf(TOPIC, 'orders', ['retention.ms', 'cleanup.policy', 'nope'])).toEqual([
      'cleanup.policy',
      'retention.ms',
    ])
    expect((await namesOf(TOPIC, 'orders', null))?.slice(0, 16)).toEqual([
      'compression.type',
      'remote.log.delete.on.disable',
      'leader.replication.throttled.replicas',
      'remote.storage.enable',
      'min.insync.replicas',
      'segment.jitter.ms',
      'remote.log.copy.disable',
      'local.retention.ms',
      'cleanup.policy',
      'flush.ms',
      'follower.replication.throttled.replicas',
      'compression.lz4.level',
      'segment.bytes',
      'retention.ms',
      'compression.gzip.level',
      'flush.messages',
    ])
    expect(await namesOf(CLIENT_METRICS, 'any', null)).toEqual(['interval.ms', 'match', 'metrics'])
    expect((await namesOf(GROUP, 'any', null))?.slice(0, 4)).toEqual([
      'consumer.session.timeout.ms',
      'consumer.assignment.interval.ms',
      'share.auto.offset.reset',
      'share.renew.acknowledge.enable',
    ])
  })
})
