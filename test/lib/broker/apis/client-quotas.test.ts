import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { alterClientQuotas } from '../../../../src/lib/protocol/apis/alter-client-quotas.ts'
import { describeClientQuotas } from '../../../../src/lib/protocol/apis/describe-client-quotas.ts'
import { connected } from '../../../conformance/wire/connection.ts'
import { type BrokerInProcess, brokerInProcess } from '../../../support/broker-in-process.ts'

type Names = Readonly<Record<string, string | null>>
type Quotas = Readonly<Record<string, number | null>>
type Component = readonly [entityType: string, matchType: number, match: string | null]

const EXACT = 0
const DEFAULT = 1
const SPECIFIED = 2
const RATE = 'producer_byte_rate'

let rig: BrokerInProcess

beforeAll(async () => {
  rig = await brokerInProcess()
})

afterAll(() => rig[Symbol.asyncDispose]())

async function altered(entries: readonly (readonly [Names, Quotas])[], validateOnly = false) {
  const asked = entries.map(([names, quotas]) => ({
    entity: Object.entries(names).map(([entityType, entityName]) => ({ entityType, entityName })),
    ops: Object.entries(quotas).map(([key, value]) => ({ key, value: value ?? 0, remove: value === null })),
  }))
  const { entries: answers } = await connected(rig.port, (connection) =>
    connection.ask(alterClientQuotas, 1, { entries: asked, validateOnly }),
  )
  return answers.map(({ errorCode, errorMessage }) => (errorCode === 0 ? 'done' : [errorCode, errorMessage]))
}

async function described(components: readonly Component[], strict = false) {
  const { errorCode, errorMessage, entries } = await connected(rig.port, (connection) =>
    connection.ask(describeClientQuotas, 1, {
      components: components.map(([entityType, matchType, match]) => ({ entityType, matchType, match })),
      strict,
    }),
  )
  if (entries === null) return [errorCode, errorMessage]
  return entries.map(({ entity, values }) => [
    entity.map(({ entityType, entityName }) => `${entityType}=${entityName}`).join(' '),
    ...values.map(({ key, value }) => `${key}=${value}`),
  ])
}

describe('quotas', () => {
  it('are set, found by their entities and taken away, in both versions', async () => {
    expect(
      await altered([
        [
          { user: 'a', 'client-id': 'b' },
          { [RATE]: 100, request_percentage: 1.5 },
        ],
        [{ user: null }, { [RATE]: 7 }],
        [{ ip: '127.0.0.9' }, { connection_creation_rate: 5 }],
      ]),
    ).toEqual(['done', 'done', 'done'])
    expect(await altered([[{ user: 'v' }, { [RATE]: 1 }]], true)).toEqual(['done'])

    // In the order in which Kafka tells them
    const both = ['client-id=b user=a', 'request_percentage=1.5', `${RATE}=100`]
    expect(await described([['user', EXACT, 'a']])).toEqual([both])
    expect(await described([['user', EXACT, 'a']], true)).toEqual([])
    expect(await described([['user', DEFAULT, null]])).toEqual([['user=null', `${RATE}=7`]])
    expect(await described([['user', SPECIFIED, null]], true)).toEqual([['user=null', `${RATE}=7`]])
    expect(await described([])).toHaveLength(3)
    expect(await described([], true)).toEqual([])

    const { endOffset } = rig.broker.node.controller
    expect(
      await altered([
        [
          { 'client-id': 'b', user: 'a' },
          { [RATE]: 100, nope: null },
        ],
      ]),
    ).toEqual(['done'])
    expect(rig.broker.node.controller.endOffset).toBe(endOffset)
    const all = { [RATE]: null, request_percentage: null }
    expect(await altered([[{ user: 'a', 'client-id': 'b' }, all]])).toEqual(['done'])
    expect(await described([['user', EXACT, 'a']])).toEqual([])
  })

  it('of one entity come in the order in which Kafka tells them', async () => {
    const quotas = { [RATE]: 1, consumer_byte_rate: 1, request_percentage: 1 }
    const all = { ...quotas, controller_mutation_rate: 1 }
    await altered([
      [{ user: 'three' }, quotas],
      [{ user: 'four' }, all],
    ])
    const keysOf = async (user: string) =>
      (await described([['user', EXACT, user]])).flat().map((said) => String(said).replace('=1', ''))
    expect(await keysOf('three')).toEqual(['user=three', 'consumer_byte_rate', 'request_percentage', RATE])
    expect(await keysOf('four')).toEqual([
      'user=four',
      RATE,
      'consumer_byte_rate',
      'controller_mutation_rate',
      'request_percentage',
    ])
    for (const key of [RATE, 'request_percentage']) await altered([[{ user: 'one by one' }, { [key]: 1 }]])
    expect(await keysOf('one by one')).toEqual(['user=one by one', RATE, 'request_percentage'])
  })

  it('of several entities come in the order in which Kafka tells them', async () => {
    await altered([
      [{ ip: '1.2.3.4' }, { connection_creation_rate: 5 }],
      [{ 'client-id': 'Client1', user: 'User1' }, { [RATE]: 3 }],
      [{ user: 'User1' }, { [RATE]: 3 }],
    ])
    const found = await described([['user', EXACT, 'User1']])
    expect(found.flat().filter((said) => said !== `${RATE}=3`)).toEqual([
      'user=User1',
      'client-id=Client1 user=User1',
    ])
  })

  it.each<[Names, Quotas, string]>([
    [{}, { [RATE]: 1 }, 'Invalid empty client quota entity'],
    [{ planet: 'x' }, { [RATE]: 1 }, 'Unhandled client quota entity type: planet'],
    [{ user: '' }, { [RATE]: 1 }, 'Empty user not supported'],
    [
      { user: 'c', ip: '127.0.0.9' },
      { [RATE]: 1 },
      'Invalid quota entity combination, IP entity shouldnot be combined with User or ClientId',
    ],
    [{ ip: 'no host' }, { connection_creation_rate: 1 }, 'no host is not a valid IP or resolvable host.'],
    [{ ip: 'a.Invalid' }, { connection_creation_rate: 1 }, 'a.Invalid is not a valid IP or resolvable host.'],
    [{ ip: '::1' }, { [RATE]: 1 }, `Invalid configuration key ${RATE}`],
    [{ user: 'c' }, { connection_creation_rate: 1 }, 'Invalid configuration key connection_creation_rate'],
    [{ user: 'c' }, { [RATE]: 0 }, `Quota ${RATE} must be greater than 0`],
    [{ user: 'c' }, { [RATE]: 1.5 }, `${RATE} cannot be a fractional value.`],
    [{ user: 'c' }, { [RATE]: 1e30 }, `Proposed value for ${RATE} is too large for a LONG.`],
    [
      { ip: null },
      { connection_creation_rate: 3e9 },
      'Proposed value for connection_creation_rate is too large for an INT.',
    ],
  ])('of %j are refused: %j', async (names, quotas, message) => {
    expect(await altered([[names, quotas]])).toEqual([[42, message]])
    expect(await described([['user', EXACT, 'c']])).toEqual([])
  })

  it('of an entity that is there twice are those that were said first, with an error', async () => {
    expect(
      await altered([
        [{ user: 'd' }, { [RATE]: 1 }],
        [{ user: 'd' }, { [RATE]: 2 }],
      ]),
    ).toEqual([[42, 'Ignoring duplicate entity ClientQuotaEntity(entries={user=d})']])
    expect(await described([['user', EXACT, 'd']])).toEqual([['user=d', `${RATE}=1`]])
  })

  it.each<[readonly Component[], number, string]>([
    [[['user', 9, null]], 42, 'Unknown match type 9'],
    [[['user', EXACT, null]], 42, 'Request specified MATCH_TYPE_EXACT, but set match string to null.'],
    [
      [['user', DEFAULT, 'x']],
      42,
      'Request specified MATCH_TYPE_DEFAULT, but also specified a match string.',
    ],
    [
      [['user', SPECIFIED, 'x']],
      42,
      'Request specified MATCH_TYPE_SPECIFIED, but also specified a match string.',
    ],
    [
      [
        ['user', SPECIFIED, null],
        ['user', EXACT, 'a'],
      ],
      42,
      'Entity type user cannot appear more than once in the filter.',
    ],
    [[['', SPECIFIED, null]], 42, 'Invalid empty entity type.'],
    [[['planet', SPECIFIED, null]], 35, 'Unsupported entity type planet'],
    [
      [
        ['ip', SPECIFIED, null],
        ['user', SPECIFIED, null],
      ],
      42,
      'Invalid entity filter component combination. IP filter component should not be used with user or clientId filter component.',
    ],
  ])('are not looked for by %j', async (components, code, message) => {
    expect(await described(components)).toEqual([code, message])
  })
})
