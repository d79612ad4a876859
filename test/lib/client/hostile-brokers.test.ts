import { describe, expect, it } from 'vitest'
import { describeTransactions } from '../../../src/lib/protocol/apis/describe-transactions.ts'
import { findCoordinator } from '../../../src/lib/protocol/apis/find-coordinator.ts'
import { listOffsets } from '../../../src/lib/protocol/apis/list-offsets.ts'
import { metadata } from '../../../src/lib/protocol/apis/metadata.ts'
import { randomDraw } from '../../random.ts'
import { hostileAnswers } from '../../support/hostile-answers.ts'
import { runLive } from '../../support/run-live.ts'
import { answers, type ScriptedAnswer, scriptedPeer } from '../../support/scripted-peer.ts'
import { fakeOutlet } from '../output/fake-outlet.ts'

const reading = [
  'topics list --size',
  'topics describe orders',
  'topics size',
  'groups list',
  'groups describe g',
  'lag g',
  'offsets get orders',
  'consume orders',
  'txns list',
  'txns describe t',
  'txns hanging',
  'txns producers orders',
  'cluster describe',
  'cluster brokers',
  'cluster health',
  'cluster quorum',
  'cluster features',
  'cluster log-dirs',
  'configs get topics orders',
  'configs get brokers 1',
  'acls list',
  'users list',
  'quotas list',
  'leaders imbalance',
]
const nouns = [
  'topics',
  'groups',
  'offsets',
  'txns',
  'cluster',
  'configs',
  'acls',
  'users',
  'quotas',
  'leaders',
]
const NOT_LEADER = 6
const meant = [0, 1, 3, 4, 5]
/** Always the same, for a failure to be of what was changed; KTOOL_SEED tries others. */
const seed = Number(process.env.KTOOL_SEED ?? 7)
const topicId = 'AAAAAAAAAAAAAAAAAAAAAg'

interface Run {
  readonly status: number
  readonly stderr: string
  readonly shown: string
}

/** On a terminal, which escapes could take over. */
async function run(line: string, bootstrap: string, more: readonly string[] = []): Promise<Run> {
  const [first = '', second = '', ...rest] = line.split(' ')
  const [name, args] = nouns.includes(first) ? [`${first} ${second}`, rest] : [first, [second, ...rest]]
  const stdout = fakeOutlet({ isTerminal: true, width: 200 })
  const argv = [...args, '--timeout', '500ms', ...more]
  const { status, stderr } = await runLive(name, bootstrap, argv, { stdout })
  return { status, stderr, shown: stdout.text() }
}

/** Colours and links are ours, and nothing else that begins so. */
function foulIn(text: string): string | undefined {
  const own = text.replaceAll(/\p{Cc}\[(?:[0-9;]*m|\?25[hl])/gu, '')
  return /[^\P{Cc}\n\t]/u.exec(own)?.[0]
}

const honest = (names: readonly (string | null)[]) =>
  names.map((name) => ({
    name,
    topicId,
    partitions: [0, 1].map((partitionIndex) => ({
      partitionIndex,
      leaderId: 1,
      replicaNodes: [1],
      isrNodes: [1],
    })),
  }))

/** It says the truth about itself, for else nobody would ask it anything more. */
function anything(draw: () => number, port: () => number): ScriptedAnswer[] {
  const all = hostileAnswers(draw)
  const itself = { nodeId: 1, host: '127.0.0.1', rack: null }
  const known = answers(metadata, ({ topics }) => ({
    brokers: [{ ...itself, port: port() }],
    clusterId: 'c\u001b[2J',
    controllerId: 1,
    topics: honest(topics?.map(({ name }) => name) ?? ['orders', 'a\u001b[2J', '']),
  }))
  return [known, ...all]
}

describe(`a broker that says anything, seed ${seed}`, () => {
  it.each(reading)('%s comes to an end that is meant', async (line) => {
    for (let round = 0; round < 3; round++) {
      let port = 1
      await using peer = await scriptedPeer(anything(randomDraw(seed + round), () => port))
      port = peer.port
      const { status, stderr, shown } = await run(line, peer.bootstrap)
      const name = JSON.stringify({ line, seed: seed + round, stderr, shown })
      expect(meant, name).toContain(status)
      expect(foulIn(stderr + shown), name).toBeUndefined()
    }
  })

  it.each([-1, 65_536])('is nobody to connect to at port %i', async (port) => {
    await using peer = await scriptedPeer([], { brokers: () => [{ nodeId: 1, host: '127.0.0.1', port }] })
    const { status, stderr } = await run('cluster features', peer.bootstrap)
    expect([status, stderr]).toEqual([5, expect.stringContaining('no host has such a port')])
  })

  it('is not believed that it has more brokers than any cluster', async () => {
    const brokers = Array.from({ length: 20_000 }, (_, nodeId) => ({ nodeId, host: '127.0.0.1', port: 1 }))
    await using peer = await scriptedPeer([], { brokers: () => brokers })
    const { status, stderr } = await run('groups list', peer.bootstrap)
    expect([status, stderr]).toEqual([1, expect.stringContaining('20000 brokers: no cluster has so many')])
  })

  it('has partitions shown that no topic can have', async () => {
    const node = { nodeId: 1, host: '127.0.0.1', port: 1, errorCode: 0 }
    const found = answers(findCoordinator, ({ coordinatorKeys }) => ({
      coordinators: coordinatorKeys.map((key) => ({ key, ...node })),
    }))
    const described = answers(describeTransactions, ({ transactionalIds }) => ({
      transactionStates: transactionalIds.map((transactionalId) => ({
        ...{ transactionalId, errorCode: 0, transactionState: 'Ongoing', producerId: 2n ** 63n - 1n },
        topics: [{ topic: 'orders', partitions: [-2, 3, 2] }],
      })),
    }))
    await using peer = await scriptedPeer([found, described])
    const { status, shown } = await run('txns describe t', peer.bootstrap)
    expect([status, shown]).toEqual([0, expect.stringContaining('orders:-2,2-3')])
  })

  it('is not followed for ever where its leaders always move', async () => {
    const moved = answers(listOffsets, ({ topics }) => ({
      topics: topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode: NOT_LEADER })),
      })),
    }))
    let port = 1
    await using peer = await scriptedPeer([moved, ...anything(randomDraw(seed), () => port)])
    port = peer.port
    const { status, stderr } = await run('offsets get orders', peer.bootstrap)
    expect([status, stderr]).toEqual([1, expect.stringContaining('does not lead this partition')])
    expect(peer.of(listOffsets).length).toBeLessThan(30)
  })
})
