import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { alterReplicaLogDirs } from '../../../../src/lib/protocol/apis/alter-replica-log-dirs.ts'
import { createTopics } from '../../../../src/lib/protocol/apis/create-topics.ts'
import { describeLogDirs } from '../../../../src/lib/protocol/apis/describe-log-dirs.ts'
import { connected } from '../../../conformance/wire/connection.ts'
import { type BrokerInProcess, brokerInProcess } from '../../../support/broker-in-process.ts'

type Move = readonly [path: string, topic: string, ...partitions: number[]]

let rig: BrokerInProcess
let here: string

beforeAll(async () => {
  rig = await brokerInProcess()
  await connected(rig.port, async (connection) => {
    await connection.ask(createTopics, 7, {
      topics: [{ name: 'orders', numPartitions: 2, replicationFactor: -1 }],
      timeoutMs: 5000,
    })
    const { results } = await connection.ask(describeLogDirs, 4, { topics: null })
    here = results[0]?.logDir ?? ''
  })
})

afterAll(() => rig[Symbol.asyncDispose]())

async function moved(version: number, moves: readonly Move[]) {
  const dirs = moves.map(([path, name, ...partitions]) => ({ path, topics: [{ name, partitions }] }))
  const { results } = await connected(rig.port, (connection) =>
    connection.ask(alterReplicaLogDirs, version, { dirs }),
  )
  return results.flatMap(({ topicName, partitions }) =>
    partitions.map(({ partitionIndex, errorCode }) => [topicName, partitionIndex, errorCode]),
  )
}

describe('a partition is moved to another directory', () => {
  it.each([1, 2])('with success if it is the one where it is, in version %i', async (version) => {
    expect(await moved(version, [[here, 'orders', 0, 1]])).toEqual([
      ['orders', 0, 0],
      ['orders', 1, 0],
    ])
  })

  it('but not if there is no such partition, or no such directory, whichever is said last', async () => {
    expect(await moved(2, [[here, 'orders', 7]])).toEqual([['orders', 7, 3]])
    expect(await moved(2, [['/nowhere', 'none', 0]])).toEqual([['none', 0, 57]])
    expect(await moved(2, [[`${here}/`, 'orders', 0]])).toEqual([['orders', 0, 57]])
    expect(
      await moved(2, [
        [here, 'orders', 0, 1],
        ['/nowhere', 'orders', 0],
      ]),
    ).toEqual([
      ['orders', 0, 57],
      ['orders', 1, 0],
    ])
    expect(await moved(2, [[here, 'orders']])).toEqual([])
  })

  it('and not if its name has no room for what is put behind it meanwhile', async () => {
    const name = 'a'.repeat(213)
    expect(await moved(2, [['/nowhere', name, 0, 10]])).toEqual([
      [name, 0, 57],
      [name, 10, 17],
    ])
  })
})
