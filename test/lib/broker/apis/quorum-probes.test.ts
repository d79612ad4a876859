import { describe, expect, it } from 'vitest'
import { addRaftVoter } from '../../../../src/lib/protocol/apis/add-raft-voter.ts'
import { removeRaftVoter } from '../../../../src/lib/protocol/apis/remove-raft-voter.ts'
import { unregisterBroker } from '../../../../src/lib/protocol/apis/unregister-broker.ts'
import { connected } from '../../../conformance/wire/connection.ts'
import { brokerInProcess } from '../../../support/broker-in-process.ts'
import { describeProbes } from './describe-probes.ts'

describeProbes(
  'who asks for voters, tokens and brokers that are not there is answered as by Apache Kafka',
  'broker/quorum-probes.ndjson.gz',
)

describe('a broker that is alone', () => {
  it('says which cluster it is to whoever means another one', async () => {
    await using rig = await brokerInProcess()
    const errorMessage = `The given id "other" doesn't match the cluster id "${rig.broker.node.clusterId}"`
    const voter = { clusterId: 'other', voterId: 1, voterDirectoryId: 'BwcHBwcHBwcHBwcHBwcHBw' }
    await connected(rig.port, async (connection) => {
      const refusal = { errorCode: 104, errorMessage }
      expect(await connection.ask(addRaftVoter, 1, { ...voter, timeoutMs: 1000 })).toMatchObject(refusal)
      expect(await connection.ask(removeRaftVoter, 0, voter)).toMatchObject(refusal)
    })
  })

  it('does not forget itself', async () => {
    await using rig = await brokerInProcess()
    const { id } = rig.broker.node
    await connected(rig.port, async (connection) => {
      expect((await connection.ask(unregisterBroker, 0, { brokerId: id })).errorCode).toBe(44)
    })
  })
})
