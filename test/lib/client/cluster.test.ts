import { afterEach, describe, expect, it } from 'vitest'
import { Cluster } from '../../../src/lib/client/cluster.ts'
import { askLeaders } from '../../../src/lib/client/routing/by-leader.ts'
import { everyBroker } from '../../../src/lib/client/routing/every-broker.ts'
import { orRefusal } from '../../../src/lib/client/routing/refusal.ts'
import type { ClusterSettings } from '../../../src/lib/config/cluster-settings.ts'
import { socketNetwork } from '../../../src/lib/network/sockets.ts'
import { systemClock } from '../../../src/lib/ports/clock.ts'
import { apiVersions } from '../../../src/lib/protocol/apis/api-versions.ts'
import { listOffsets } from '../../../src/lib/protocol/apis/list-offsets.ts'
import { metadata } from '../../../src/lib/protocol/apis/metadata.ts'
import { answers, HANG_UP, type ScriptedPeer, SILENCE, scriptedPeer } from '../../support/scripted-peer.ts'

const clock = systemClock(() => process.hrtime())
const world = {
  network: socketNetwork({ adoptsHandles: false, loop: null }),
  clock,
  software: { name: 'ktool', version: '0' },
}
const NOT_LEADER = 6
const ended: (() => unknown)[] = []

afterEach(async () => {
  for (const end of ended.splice(0)) await end()
})

describe('a cluster', () => {
  it('is reached through the second broker where the first one hangs, in about a second', async () => {
    const silent = await scripted([answers(apiVersions, () => SILENCE)])
    const well = await scripted([])
    const started = clock.monotonicMs()
    const cluster = clusterAt([silent, well])
    expect((await cluster.nodes()).clusterId).toBe('scripted')
    expect(clock.monotonicMs() - started).toBeLessThan(3000)
  })

  it('names every broker that did not answer', async () => {
    const cluster = clusterOf([1, 2], {})
    await expect(cluster.nodes()).rejects.toMatchObject({
      code: 'no-broker-answers',
      message: expect.stringMatching(/none of the 2 brokers answers: .*:1.*:2/),
    })
  })

  it('says whose fault it may be where a broker says that it is somewhere else', async () => {
    const well = await scripted([], { brokers: () => [{ nodeId: 4, host: '127.0.0.1', port: 1 }] })
    const cluster = clusterAt([well])
    await expect(cluster.broker(4)).rejects.toMatchObject({
      message: 'broker 4 at 127.0.0.1:1: 127.0.0.1:1: nobody listens there',
      hint: expect.stringMatching(/says that this broker is at 127\.0\.0\.1:1: .*advertised\.listeners/),
    })
  })

  it('is refused where it is another than its context has meant', async () => {
    const well = await scripted([])
    const context = { name: 'prod', clusterId: 'another', isProtected: false }
    const cluster = clusterAt([well], { context })
    await expect(cluster.nodes()).rejects.toMatchObject({ code: 'wrong-cluster', exitCode: 1 })
  })

  it('asks a broker again that has hung up in between', async () => {
    let times = 0
    const flaky: ScriptedPeer = await scripted([
      answers(metadata, () => {
        times += 1
        return times === 2 ? HANG_UP : nodesOf(flaky)
      }),
    ])
    const cluster = clusterAt([flaky])
    await cluster.nodes()
    await expect(cluster.nodes(true)).rejects.toMatchObject({ code: 'connection-closed' })
    expect((await cluster.nodes(true)).brokers).toHaveLength(1)
  })

  it('has an outcome for each broker, whatever became of the others', async () => {
    const well: ScriptedPeer = await scripted([], {
      brokers: () => [
        { nodeId: 1, host: '127.0.0.1', port: well.port },
        { nodeId: 2, host: '127.0.0.1', port: 1 },
      ],
    })
    const told = await everyBroker(clusterAt([well]), async () => 'well')
    expect(told.map(({ item, outcome }) => [item, outcome instanceof Error ? 'failed' : outcome])).toEqual([
      ['broker 1', 'well'],
      ['broker 2', 'failed'],
    ])
  })
})

describe('leaders', () => {
  it('are each asked once for all of their own, and what is sick is an answer of its own', async () => {
    const led = await leaderOf({ topic: [0, 1, -1], error: () => 0 })
    const asked = await ends(clusterAt([led]), [0, 1, 2, 7])
    expect(asked).toEqual({
      'orders:0': 100,
      'orders:1': 101,
      'orders:2': 'leader-not-available',
      'orders:7': 'partition-not-found',
    })
    expect(led.of(listOffsets)).toHaveLength(1)
  })

  it('that have moved are looked for anew', async () => {
    let times = 0
    const led = await leaderOf({
      topic: [0, 0],
      error: (partition) => (partition === 1 && times++ < 2 ? NOT_LEADER : 0),
    })
    expect(await ends(clusterAt([led]), [0, 1])).toEqual({ 'orders:0': 100, 'orders:1': 101 })
    expect(led.of(listOffsets)).toHaveLength(3)
  })

  it('that are nowhere for good are given up before the time is over', async () => {
    const led = await leaderOf({ topic: [0], error: () => NOT_LEADER })
    expect(await ends(clusterAt([led], { timeoutMs: 400 }), [0])).toEqual({
      'orders:0': 'not-leader-or-follower',
    })
  })
})

interface Led {
  /** Whether each partition has a leader: −1 where not. */
  readonly topic: readonly number[]
  readonly error: (partition: number) => number
}

async function leaderOf({ topic, error }: Led): Promise<ScriptedPeer> {
  const led: ScriptedPeer = await scripted([
    answers(metadata, ({ topics }) => ({
      ...nodesOf(led),
      topics: (topics ?? []).map(({ name }) => ({
        name,
        partitions: topic.map((has, partitionIndex) => ({
          partitionIndex,
          leaderId: has < 0 ? -1 : 1,
          replicaNodes: [1],
        })),
      })),
    })),
    answers(listOffsets, ({ topics }) => ({
      topics: topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex }) => ({
          partitionIndex,
          errorCode: error(partitionIndex),
          offset: BigInt(100 + partitionIndex),
        })),
      })),
    })),
  ])
  return led
}

async function ends(cluster: Cluster, partitions: readonly number[]): Promise<Record<string, unknown>> {
  const wanted = partitions.map((partition) => ({ topic: 'orders', partition }))
  const told = await askLeaders(cluster, wanted, async (connection, own) => {
    const at = own.map(({ partition }) => ({ partitionIndex: partition, timestamp: -1n }))
    const answer = await cluster.askOf(connection, listOffsets, {
      replicaId: -1,
      topics: [{ name: 'orders', partitions: at }],
    })
    return new Map(
      answer.topics.flatMap(({ partitions: each }) =>
        each.map(({ partitionIndex, errorCode, offset }) => [
          `orders:${partitionIndex}`,
          orRefusal(errorCode, () => Number(offset)),
        ]),
      ),
    )
  })
  return Object.fromEntries(
    [...told].map(([key, answer]) => [key, typeof answer === 'number' ? answer : answer.code]),
  )
}

function clusterAt(peers: readonly ScriptedPeer[], more: Partial<ClusterSettings> = {}): Cluster {
  return clusterOf(
    peers.map(({ port }) => port),
    more,
  )
}

function clusterOf(ports: readonly number[], more: Partial<ClusterSettings>): Cluster {
  const bootstrap = ports.map((port) => ({ host: '127.0.0.1', port }))
  const settings = { bootstrap, clientId: 'test', tls: null, sasl: null, timeoutMs: 8000, context: null }
  const cluster = new Cluster({ ...settings, ...more }, world)
  ended.push(() => cluster.close())
  return cluster
}

async function scripted(...script: Parameters<typeof scriptedPeer>): Promise<ScriptedPeer> {
  const peer = await scriptedPeer(...script)
  ended.push(() => peer[Symbol.asyncDispose]())
  return peer
}

function nodesOf({ port }: ScriptedPeer) {
  return {
    brokers: [{ nodeId: 1, host: '127.0.0.1', port }],
    controllerId: 1,
    clusterId: 'scripted',
    topics: [],
  }
}
