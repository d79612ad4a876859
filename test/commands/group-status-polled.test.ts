import { expect, it } from 'vitest'
import { describeGroups } from '../../src/lib/protocol/apis/describe-groups.ts'
import { findCoordinator } from '../../src/lib/protocol/apis/find-coordinator.ts'
import { listOffsets } from '../../src/lib/protocol/apis/list-offsets.ts'
import { metadata } from '../../src/lib/protocol/apis/metadata.ts'
import { offsetFetch } from '../../src/lib/protocol/apis/offset-fetch.ts'
import { runLive } from '../support/run-live.ts'
import { answers, type ScriptedPeer, scriptedPeer } from '../support/scripted-peer.ts'

const topicId = 'AAAAAAAAAAAAAAAAAAAAAg'
const TOPIC_AUTHORIZATION_FAILED = 29

it('is told by looking ten times, where the commits of the past may not be read', async () => {
  await using peer = await guardedCommits()
  const argv = ['billing', '--every', '10ms', '-o', 'json']
  const { status, stdout, stderr } = await runLive('groups status', peer.bootstrap, argv)
  // Nobody is in it, and its commit does not move.
  expect(JSON.parse(stdout).items).toMatchObject([{ group: 'billing', worst: 'STOP orders:0', maxLag: 8 }])
  expect(status).toBe(3)
  expect(stderr).toMatch(
    /^the commits cannot be read, so it looked 10 times instead: You may not do this with the topic\.$/m,
  )
  expect(stderr).not.toContain('fewer than')
  expect(peer.of(offsetFetch).length).toBeGreaterThanOrEqual(10)
})

/** A cluster with one partition up to 10, of which a group has got to 2; it lets nobody see how it came there. */
async function guardedCommits(): Promise<ScriptedPeer> {
  const place = { partitionIndex: 0, leaderId: 1, replicaNodes: [1], isrNodes: [1] }
  const peer: ScriptedPeer = await scriptedPeer([
    answers(metadata, ({ topics }) => ({
      brokers: [{ nodeId: 1, host: '127.0.0.1', port: peer.port }],
      controllerId: 1,
      topics: (topics ?? []).map(({ name }) =>
        name === 'orders'
          ? { name, topicId, partitions: [place] }
          : { name, topicId, errorCode: TOPIC_AUTHORIZATION_FAILED, partitions: [] },
      ),
    })),
    answers(findCoordinator, ({ coordinatorKeys }) => ({
      coordinators: coordinatorKeys.map((key) => ({
        ...{ key, nodeId: 1, host: '127.0.0.1', port: peer.port, errorCode: 0 },
      })),
    })),
    answers(describeGroups, ({ groups }) => ({
      groups: groups.map((groupId) => ({
        ...{ errorCode: 0, groupId, groupState: 'Empty', protocolType: 'consumer' },
        ...{ protocolData: '', members: [] },
      })),
    })),
    answers(
      offsetFetch,
      ({ groups }) => ({
        groups: groups.map(({ groupId }) => ({
          ...{ groupId, errorCode: 0 },
          topics: [
            {
              name: 'orders',
              partitions: [{ partitionIndex: 0, committedOffset: 2n, metadata: '', errorCode: 0 }],
            },
          ],
        })),
      }),
      { max: 9 },
    ),
    answers(listOffsets, ({ topics }) => ({
      topics: topics.map(({ name }) => ({
        name,
        partitions: [{ partitionIndex: 0, errorCode: 0, offset: 10n }],
      })),
    })),
  ])
  return peer
}
