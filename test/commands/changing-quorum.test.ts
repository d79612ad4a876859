import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addRaftVoter } from '../../src/lib/protocol/apis/add-raft-voter.ts'
import { describeQuorum } from '../../src/lib/protocol/apis/describe-quorum.ts'
import { removeRaftVoter } from '../../src/lib/protocol/apis/remove-raft-voter.ts'
import { errorCodes } from '../../src/lib/protocol/error-codes.ts'
import { runLive } from '../support/run-live.ts'
import { answers, type ScriptedPeer, scriptedPeer } from '../support/scripted-peer.ts'

interface Member {
  readonly id: number
  readonly directory: string
  isVoter: boolean
}

const directories = ['MmUvMNd9SOiJoAMeavCsCg', '_1_iaWxoP4d3PKs4cglyig', 'fyE8Zjc5Te6b9HFGPYjHSQ'] as const
const none = 'AAAAAAAAAAAAAAAAAAAAAA'
const [first, second, third] = directories

/** A quorum as a broker tells of it: node 1 leads. */
function quorumOf(members: Member[], refusal: { code: number; words: string } = { code: 0, words: '' }) {
  const replica = ({ id, directory }: Member) => ({
    ...{ replicaId: id, replicaDirectoryId: directory, logEndOffset: 9n },
    ...{ lastFetchTimestamp: 5n, lastCaughtUpTimestamp: 5n },
  })
  const said = { errorCode: refusal.code, errorMessage: refusal.words }
  const vote = (isVoter: boolean) => (question: { voterId: number; voterDirectoryId: string }) => {
    for (const each of members) {
      const isMeant = each.id === question.voterId && each.directory === question.voterDirectoryId
      if (isMeant && refusal.code === 0) each.isVoter = isVoter
    }
    return said
  }
  return [
    answers(describeQuorum, () => ({
      errorCode: 0,
      topics: [
        {
          topicName: '__cluster_metadata',
          partitions: [
            {
              ...{ errorCode: 0, partitionIndex: 0, leaderId: 1, leaderEpoch: 4, highWatermark: 9n },
              currentVoters: members.filter(({ isVoter }) => isVoter).map(replica),
              observers: members.filter(({ isVoter }) => !isVoter).map(replica),
            },
          ],
        },
      ],
      nodes: members
        .filter(({ isVoter }) => isVoter)
        .map(({ id }) => ({
          nodeId: id,
          listeners: [{ name: 'CONTROLLER', host: `kafka${id}`, port: 9093 }],
        })),
    })),
    answers(addRaftVoter, vote(true)),
    answers(removeRaftVoter, vote(false)),
  ]
}

const members = (votes: readonly boolean[]): Member[] =>
  votes.map((isVoter, i) => ({ id: i + 1, directory: directories[i] ?? none, isVoter }))

describe('the voters of a quorum', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ktool-quorum-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  async function rows(peer: ScriptedPeer, name: string, ...argv: string[]) {
    const environment = { XDG_STATE_HOME: folder }
    const run = await runLive(name, peer.bootstrap, [...argv, '-o', 'json'], { environment })
    return { ...run, ...JSON.parse(run.stdout === '' ? '{}' : run.stdout) }
  }

  const changing = (peer: ScriptedPeer) => [...peer.of(addRaftVoter), ...peer.of(removeRaftVoter)]

  it('are added, once, and taken away by the file that was kept', async () => {
    await using peer = await scriptedPeer(quorumOf(members([true, false])))
    const argv = [`2@${second}`, '--endpoint', 'CONTROLLER://kafka2:9093']
    const shown = await rows(peer, 'cluster quorum add', ...argv, '--dry-run')
    expect(shown.items).toMatchObject([{ action: 'add', before: null, status: 'planned' }])
    expect(shown.stderr).toContain('2 voters bear the loss of none, which is no more than 1 does')
    expect(changing(peer)).toEqual([])
    const added = await rows(peer, 'cluster quorum add', ...argv, '-y')
    expect(added.items).toMatchObject([
      { item: `2@${second}`, before: null, after: ['CONTROLLER://kafka2:9093'], status: 'done' },
    ])
    expect(peer.of(addRaftVoter)).toMatchObject([
      {
        question: {
          ...{ clusterId: 'scripted', voterId: 2, voterDirectoryId: second },
          listeners: [{ name: 'CONTROLLER', host: 'kafka2', port: 9093 }],
        },
      },
    ])
    const again = await rows(peer, 'cluster quorum add', '2', ...argv.slice(1), '-y')
    expect(again.items).toMatchObject([{ status: 'unchanged' }])
    const kept = join(folder, 'ktool', 'rollback')
    const [undo = ''] = readdirSync(kept)
    const undone = await rows(peer, 'apply', join(kept, undo), '-y')
    expect(undone.items).toMatchObject([{ item: `2@${second}`, action: 'remove', status: 'done' }])
    expect(changing(peer).length).toBe(2)
  })

  it('are removed one after the other, once, and never the last', async () => {
    await using peer = await scriptedPeer(quorumOf(members([true, true, true])))
    const all = await rows(peer, 'cluster quorum remove', '1', '2', '3', '-y')
    expect(all).toMatchObject({ status: 1, items: [] })
    expect(all.errors.map(({ code }: { code: string }) => code)).toEqual([
      'last-voter',
      'last-voter',
      'last-voter',
    ])
    expect(changing(peer)).toEqual([])
    const argv = ['1', `3@${third}`, '-y']
    const removed = await rows(peer, 'cluster quorum remove', ...argv)
    expect(removed.items).toMatchObject([
      { item: `1@${first}`, before: ['CONTROLLER://kafka1:9093'], after: null, status: 'done' },
      { item: `3@${third}`, status: 'done' },
    ])
    expect(removed.stderr).toContain('node 1 leads the quorum')
    expect(peer.of(removeRaftVoter).map(({ question }) => question.voterId)).toEqual([1, 3])
    const again = await rows(peer, 'cluster quorum remove', ...argv)
    expect(again.items).toMatchObject([{ status: 'unchanged' }, { status: 'unchanged' }])
  })

  it('are removed once where one is named twice', async () => {
    await using peer = await scriptedPeer(quorumOf(members([true, true])))
    const { status, items } = await rows(peer, 'cluster quorum remove', '2', `2@${second}`, '2', '-y')
    expect(items).toMatchObject([{ item: `2@${second}`, status: 'done' }])
    expect(status).toBe(0)
    expect(peer.of(removeRaftVoter).length).toBe(1)
  })

  it.each([
    ['add', ['3', '--endpoint', 'C://k:1'], 'not-an-observer', /those that do: 2@_1_iaWxoP4d3PKs4cglyig/],
    ['add', [`1@${second}`, '--endpoint', 'C://k:1'], 'voter-exists', /cluster quorum remove 1@MmUvMNd9/],
    ['add', ['1', '--endpoint', 'CONTROLLER://k:1'], 'voter-elsewhere', /so that it can be added anew/],
    ['remove', ['3'], 'no-such-voter', /its voters: 1@MmUvMNd9/],
    ['remove', [`1@${second}`], 'no-such-voter', /its voters: 1@MmUvMNd9/],
  ])('are not changed where %s %j does not fit', async (verb, argv, code, hint) => {
    await using peer = await scriptedPeer(quorumOf(members([true, false])))
    const { status, errors } = await rows(peer, `cluster quorum ${verb}`, ...argv, '-y')
    expect(status).toBe(1)
    expect(errors).toMatchObject([{ code, hint: expect.stringMatching(hint) }])
    expect(changing(peer)).toEqual([])
  })

  it('are not changed where they stand in files', async () => {
    const [one, two] = members([true, false])
    const fixed = [{ ...one, directory: none }, two] as Member[]
    await using peer = await scriptedPeer(quorumOf(fixed))
    for (const argv of [
      ['add', '2', '--endpoint', 'C://k:1'],
      ['remove', '1'],
    ]) {
      const { status, errors } = await rows(peer, `cluster quorum ${argv[0]}`, ...argv.slice(1), '-y')
      expect(status).toBe(1)
      expect(errors).toMatchObject([
        { code: 'static-quorum', hint: expect.stringContaining('kraft.version=1') },
      ])
    }
    expect(changing(peer)).toEqual([])
  })

  it.each([
    [errorCodes.UNSUPPORTED_VERSION, 'static-quorum', /stand in controller\.quorum\.voters/],
    [errorCodes.REQUEST_TIMED_OUT, 'voter-not-reached', /did not reach node 2 at kafka2:9093/],
    [errorCodes.INVALID_REQUEST, 'invalid-request', /^as Kafka says it$/],
  ])('are refused with a sentence where the leader says %i', async (errorCode, code, message) => {
    const refusal = { code: errorCode, words: 'as Kafka says it' }
    await using peer = await scriptedPeer(quorumOf(members([true, false]), refusal))
    const argv = ['2', '--endpoint', 'CONTROLLER://kafka2:9093', '-y']
    const { status, errors } = await rows(peer, 'cluster quorum add', ...argv)
    expect(status).toBe(1)
    expect(errors).toMatchObject([{ item: `2@${second}`, code, message: expect.stringMatching(message) }])
  })

  it.each([
    ['add', ['two', '--endpoint', 'CONTROLLER://kafka2:9093'], /two.* is no controller/],
    ['add', ['2', '--endpoint', 'kafka2:9093'], /kafka2:9093.* is no endpoint of a controller/],
    ['add', ['2'], /--endpoint is needed/],
    ['remove', ['2@short'], /2@short.* is no controller/],
  ])('are not asked for by %s %j', async (verb, argv, words) => {
    await using peer = await scriptedPeer([])
    const { status, stderr } = await rows(peer, `cluster quorum ${verb}`, ...argv, '-y')
    expect(status).toBe(2)
    expect(stderr).toMatch(words)
    expect(peer.asked).toEqual([])
  })
})
