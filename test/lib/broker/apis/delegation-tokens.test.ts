import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createDelegationToken as create } from '../../../../src/lib/protocol/apis/create-delegation-token.ts'
import { readRequest } from '../../../replay/messages.ts'
import { readSession } from '../../../replay/session.ts'
import { NodeRig } from './node-rig.ts'

const alice = { securityProtocol: 'SASL_PLAINTEXT', principal: 'User:alice' } as const
const authorizer = {
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users': 'User:admin',
}

describe('a delegation token is refused', () => {
  it.each([
    ['nobody who has not logged in', {}, {}, '64 User:ANONYMOUS -1'],
    ['an owner of no type', {}, { ownerPrincipalName: 'bob' }, '-1 User:ANONYMOUS -1'],
    ['an owner of no type, for alice', alice, { ownerPrincipalName: 'bob' }, '-1 User:ANONYMOUS -1'],
    ['another owner', alice, { ownerPrincipalType: 'User', ownerPrincipalName: 'bob' }, '65 User:bob -1'],
    [
      'herself as the owner',
      alice,
      { ownerPrincipalType: 'User', ownerPrincipalName: 'alice' },
      '61 User:alice 0',
    ],
    [
      'a type without a name',
      alice,
      { ownerPrincipalType: 'Group', ownerPrincipalName: '' },
      '61 User:alice 0',
    ],
    [
      'a group that renews it',
      alice,
      { renewers: [{ principalType: 'Group', principalName: 'g' }] },
      '67 User:alice -1',
    ],
    ['all that is right', alice, {}, '61 User:alice 0'],
  ])('as Kafka refuses it: %s', async (_title, connection, wish, answer) => {
    const rig = await NodeRig.open({ connection, settings: authorizer })
    const request = {
      ownerPrincipalType: null,
      ownerPrincipalName: null,
      renewers: [],
      maxLifetimeMs: -1n,
      ...wish,
    }
    const said = await rig.ask(create, 3, request)
    expect(`${said.errorCode} ${said.principalType}:${said.principalName} ${said.expiryTimestampMs}`).toBe(
      answer,
    )
  })
})

it('what a Java client asked a Kafka that has tokens is answered as by one that has none', async () => {
  const recorded = new URL('../../../golden/wire/sessions/java-delegation-tokens.ndjson.gz', import.meta.url)
  const { lines } = readSession(readFileSync(recorded))
  const rig = await NodeRig.open({ connection: { ...alice, principal: 'User:carol' } })
  const answers: unknown[] = []
  for (const { dir, apiKey, hex } of lines) {
    if (dir !== 'request' || apiKey < 38 || apiKey > 41) continue
    const request = readRequest(Buffer.from(hex, 'hex'))
    if (request === undefined) throw new Error('it cannot be read')
    const { api, version, json } = request
    answers.push([
      api.name,
      await rig.outcomeOf(api.name, version, api.request.fromJson(json, version) as object),
    ])
  }
  expect(answers).toEqual([
    [
      'CreateDelegationToken',
      expect.objectContaining({ errorCode: 61, principalName: 'carol', tokenId: '' }),
    ],
    ['DescribeDelegationToken', expect.objectContaining({ errorCode: 61, tokens: [] })],
    ['RenewDelegationToken', expect.objectContaining({ errorCode: 61, expiryTimestampMs: 0n })],
    ['ExpireDelegationToken', expect.objectContaining({ errorCode: 61, expiryTimestampMs: 0n })],
  ])
})
