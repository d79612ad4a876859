import { beforeAll, describe, expect, it } from 'vitest'
import { ScramKeys } from '../../../../src/lib/auth/scram-keys.ts'
import { alterUserScramCredentials as alter } from '../../../../src/lib/protocol/apis/alter-user-scram-credentials.ts'
import { describeUserScramCredentials as tell } from '../../../../src/lib/protocol/apis/describe-user-scram-credentials.ts'
import { NodeRig } from './node-rig.ts'

const salt = Buffer.from('salt')
const upsertion = (name: string, more: object = {}) => {
  const saltedPassword = new ScramKeys('SCRAM-SHA-512').saltedPassword('secret', salt, 4096)
  return { name, mechanism: 2, iterations: 4096, salt, saltedPassword, ...more }
}

let rig: NodeRig
beforeAll(async () => {
  rig = await NodeRig.open({ flush: 'ack' })
})

async function altered(upsertions: object[], deletions: { name: string; mechanism: number }[] = []) {
  const request = { deletions, upsertions: upsertions as ReturnType<typeof upsertion>[] }
  const { results } = await rig.clock.until(rig.ask(alter, 0, request))
  return results.map(({ user, errorCode, errorMessage }) => `${user} ${errorCode} ${errorMessage}`)
}

async function told(...names: string[]) {
  const { results } = await rig.ask(tell, 0, { users: names.map((name) => ({ name })) })
  return results.map(({ user, errorCode, credentialInfos }) => [
    `${user} ${errorCode}`,
    ...credentialInfos.map(({ mechanism, iterations }) => `${mechanism}: ${iterations}`),
  ])
}

describe.sequential('users with passwords for SCRAM', () => {
  it('are kept, and told of without what their passwords are', async () => {
    expect(await altered([upsertion('bob'), upsertion('alice', { iterations: 16_384 })])).toEqual([
      'bob 0 null',
      'alice 0 null',
    ])
    expect(await altered([upsertion('bob', { mechanism: 1 })])).toEqual(['bob 0 null'])
    expect(await told('bob')).toEqual([['bob 0', '1: 4096', '2: 4096']])
    expect(await told()).toEqual([
      ['bob 0', '1: 4096', '2: 4096'],
      ['alice 0', '2: 16384'],
    ])
  })

  it('are deleted, and are there again after a power cut if they are not', async () => {
    expect(await altered([], [{ name: 'bob', mechanism: 1 }])).toEqual(['bob 0 null'])
    await rig.losePower()
    expect(await told('bob', 'alice')).toEqual([
      ['bob 0', '2: 4096'],
      ['alice 0', '2: 16384'],
    ])
  })

  it.each([
    [[upsertion('')], [], ' 93 Username must not be empty'],
    [[upsertion('a', { mechanism: 3 })], [], 'a 33 Unknown SCRAM mechanism'],
    [[upsertion('a', { iterations: 4095 })], [], 'a 93 Too few iterations'],
    [[upsertion('a', { iterations: 16_385 })], [], 'a 93 Too many iterations'],
    [[upsertion('a', { saltedPassword: Buffer.of() })], [], 'a -1 null'],
    [[upsertion('a'), upsertion('a', { mechanism: 1 })], [], /a 92 .* twice in the same request/],
    [[upsertion('alice')], [{ name: 'alice', mechanism: 2 }], /alice 92 .* twice in the same request/],
    [[], [{ name: 'nobody', mechanism: 1 }], /nobody 91 Attempt to delete a user credential that does not/],
    [[], [{ name: 'alice', mechanism: 0 }], 'alice 33 Unknown SCRAM mechanism'],
  ])('are refused as Kafka refuses them: %j %j', async (upsertions, deletions, answer) => {
    const expected = typeof answer === 'string' ? answer : expect.stringMatching(answer)
    expect(await altered(upsertions, deletions)).toEqual([expected])
  })

  it('are changed where others beside them are refused', async () => {
    const answers = await altered([upsertion('carol'), upsertion('a', { iterations: 1 })])
    expect(answers).toEqual(['carol 0 null', 'a 93 Too few iterations'])
    expect(await told('carol', 'dave', 'dave')).toEqual([['carol 0', '2: 4096'], ['dave 92']])
  })
})
