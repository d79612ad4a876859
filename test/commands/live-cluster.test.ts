import { describe, expect, it } from 'vitest'
import { describeAcls } from '../../src/lib/protocol/apis/describe-acls.ts'
import { describeUserScramCredentials } from '../../src/lib/protocol/apis/describe-user-scram-credentials.ts'
import { metadata } from '../../src/lib/protocol/apis/metadata.ts'
import { brokerInProcess } from '../support/broker-in-process.ts'
import { jsonLive, runLive } from '../support/run-live.ts'
import { answers, SILENCE, scriptedPeer } from '../support/scripted-peer.ts'

const topics = [{ name: 'orders', partitions: 3 }]

describe('a live cluster', () => {
  it('has its topics listed and described, with what was set of them', async () => {
    await using local = await brokerInProcess({ topics })
    const { items } = await jsonLive('topics list', local.bootstrap, ['--size'])
    expect(items).toMatchObject([{ topic: 'orders', partitions: 3, replicationFactor: 1, sizeBytes: 0 }])

    const described = await jsonLive('topics describe', local.bootstrap, ['orders:1', 'nope'])
    expect(described.status).toBe(1)
    expect(described.items).toMatchObject([
      {
        topic: 'orders',
        partition: 1,
        leader: 1,
        isr: [1],
        elr: [],
        highWatermark: 0,
        minIsr: 1,
        addingReplicas: [],
      },
    ])
    expect(described.json.errors).toMatchObject([{ item: 'nope', code: 'topic-not-found' }])
  })

  it('is not one without topics where a broker refuses to tell of them', async () => {
    await using local = await brokerInProcess({ topics })
    local.broker.faults.add({ api: 'Metadata', error: 'REBOOTSTRAP_REQUIRED' })
    const { status, stdout, stderr } = await runLive('topics list', local.bootstrap, ['-o', 'json'])
    expect([status, stdout]).toEqual([1, ''])
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'rebootstrap-required' } })
  })

  it('has its partitions filtered by what is wrong with them, and that as a check', async () => {
    await using local = await brokerInProcess({ topics })
    const fine = await jsonLive('topics describe', local.bootstrap, ['--under-replicated', '--check'])
    expect([fine.status, fine.items]).toEqual([0, []])
    // One replica where one is enough is just as many as there have to be.
    const least = await jsonLive('topics describe', local.bootstrap, ['--at-min-isr', '--check'])
    expect([least.status, least.items.length]).toEqual([3, 3])
  })

  it('has its topics measured, and a key placed as the producers of Java place it', async () => {
    await using local = await brokerInProcess({ topics })
    const size = await jsonLive('topics size', local.bootstrap, ['--by', 'partition'])
    expect(size.items.map(({ topic, partition, replicas }) => [topic, partition, replicas])).toEqual(
      [0, 1, 2].map((partition) => ['orders', partition, 1]),
    )
    const place = async (...args: string[]) =>
      (await jsonLive('topics where', local.bootstrap, [...args, '--topic', 'orders'])).json.partition
    // As BuiltInPartitioner.partitionForKey of Kafka 4.3.1 has it for three partitions.
    expect(await place('a')).toBe(1)
    expect(await place('61', '--key', 'hex')).toBe(1)
  })

  it('tells sizes to Prometheus, each kind by a name of its own', async () => {
    await using local = await brokerInProcess({ topics })
    const samples = async (name: string, ...argv: string[]) => {
      const { status, stdout } = await runLive(name, local.bootstrap, [...argv, '-o', 'prom'])
      return [status, ...stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#'))]
    }
    expect(await samples('topics size')).toEqual([0, 'ktool_topic_size_bytes{topic="orders"} 0'])
    expect(await samples('topics size', '--by', 'partition')).toContain(
      'ktool_partition_size_bytes{topic="orders",partition="2"} 0',
    )
    expect(await samples('topics size', '--by', 'broker')).toEqual([
      0,
      'ktool_broker_size_bytes{broker="1"} 0',
    ])
    const directories = await samples('cluster log-dirs')
    expect(directories).toHaveLength(4)
    expect(directories.join('\n')).toMatch(/^ktool_log_dir_free_bytes\{broker="1",directory="[^"]+"\} \d+$/m)
    expect(await samples('cluster log-dirs', '--replicas')).toHaveLength(4)
  })

  it('tells of its configs what was set, and all if asked for', async () => {
    await using local = await brokerInProcess({ topics })
    const none = await jsonLive('configs get', local.bootstrap, ['topics', 'orders'])
    expect(none.items).toEqual([])
    expect(none.stderr).toMatch(/nothing was set of orders/)
    const args = ['topics', 'orders', '--all', '--synonyms', '--name', 'min.insync.replicas']
    const { items } = await jsonLive('configs get', local.bootstrap, args)
    expect(items).toMatchObject([{ name: 'min.insync.replicas', value: '1', set: false, sensitive: false }])
    const wrong = await jsonLive('configs get', local.bootstrap, ['topics', 'nope'])
    expect([wrong.status, wrong.json.errors?.[0]?.code]).toEqual([1, 'topic-not-found'])
  })

  it('tells of its brokers, quorum, features and log directories', async () => {
    await using local = await brokerInProcess({ topics })
    const ask = (verb: string) => jsonLive(`cluster ${verb}`, local.bootstrap)
    const brokers = (await ask('brokers')).items
    expect(brokers).toMatchObject([{ id: 1, state: 'up', controller: true, leaders: 3, replicas: 3 }])
    expect((await ask('quorum')).items).toMatchObject([{ node: 1, role: 'Leader', lag: 0 }])
    const features = (await ask('features')).items
    expect(features.find(({ feature }) => feature === 'metadata.version')).toMatchObject({
      release: expect.stringMatching(/^\d\.\d-IV\d$/),
    })
    expect((await ask('log-dirs')).items).toMatchObject([{ broker: 1, replicas: 3, state: 'online' }])
    expect((await ask('describe')).json).toMatchObject({ controller: 1, directories: null })
  })

  it('is well where nothing is wrong', async () => {
    await using local = await brokerInProcess({ topics })
    const { status, items } = await jsonLive('cluster health', local.bootstrap, ['--wait', '1s'])
    expect(items.filter(({ state }) => state === 'trouble')).toEqual([])
    expect(status).toBe(0)
  })

  it('is not well, and says so in time, where a broker accepts connections and says nothing', async () => {
    await using silent = await scriptedPeer([answers(metadata, () => SILENCE)])
    await using local = await scriptedPeer([], {
      brokers: () => [
        { nodeId: 1, host: '127.0.0.1', port: local.port },
        { nodeId: 2, host: '127.0.0.1', port: silent.port },
      ],
    })
    const startMs = performance.now()
    const { status, items } = await jsonLive('cluster health', local.bootstrap, ['--timeout', '1s'])
    expect(performance.now() - startMs).toBeLessThan(3000)
    expect(status).toBe(3)
    const ill = items.filter(({ state }) => state === 'trouble').map(({ check }) => check)
    expect(ill).toContain('brokers that do not tell of their log directories')
  })

  it('has its ACLs listed, filtered, and weighed against each other', async () => {
    await using peer = await scriptedPeer([
      answers(describeAcls, () => ({ resources: [orders], errorCode: 0 })),
    ])
    const listed = await jsonLive('acls list', peer.bootstrap, ['--operation', 'write'])
    expect(listed.items).toMatchObject([{ resourceName: 'orders', principal: 'User:*', permission: 'DENY' }])

    const check = (...args: string[]) => jsonLive('acls check', peer.bootstrap, args)
    expect((await check('User:alice', 'describe', 'topic:orders-eu')).json.verdict).toBe('allowed')
    const denied = await check('User:alice', 'write', 'topic:orders')
    expect([denied.status, denied.json.verdict]).toEqual([3, 'denied'])
    const none = await check('User:alice', 'read', 'topic:bills')
    expect([none.status, none.json.verdict]).toEqual([3, 'none'])
  })

  it('lists SCRAM users, and an authorizer that forbids it is a failure of its own', async () => {
    await using peer = await scriptedPeer([
      answers(describeUserScramCredentials, () => ({
        errorCode: 0,
        results: [{ user: 'carol', errorCode: 0, credentialInfos: [{ mechanism: 2, iterations: 4096 }] }],
      })),
      answers(describeAcls, () => ({ errorCode: 31, errorMessage: 'no', resources: [] })),
    ])
    const { items } = await jsonLive('users list', peer.bootstrap)
    expect(items).toEqual([{ user: 'carol', mechanism: 'SCRAM-SHA-512', iterations: 4096 }])
    expect((await runLive('acls list', peer.bootstrap)).status).toBe(4)
  })
})

const orders = {
  resourceType: 2,
  resourceName: 'orders',
  patternType: 4,
  acls: [
    { principal: 'User:alice', host: '*', operation: 3, permissionType: 3 },
    { principal: 'User:*', host: '*', operation: 4, permissionType: 2 },
  ],
}
