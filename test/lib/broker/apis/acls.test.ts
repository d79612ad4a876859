import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { STANDARD_AUTHORIZER } from '../../../../src/lib/broker/security/authorizer-settings.ts'
import { createAcls } from '../../../../src/lib/protocol/apis/create-acls.ts'
import { deleteAcls } from '../../../../src/lib/protocol/apis/delete-acls.ts'
import { describeAcls } from '../../../../src/lib/protocol/apis/describe-acls.ts'
import { errorCodes } from '../../../../src/lib/protocol/error-codes.ts'
import { NodeRig } from './node-rig.ts'

const settings = { 'authorizer.class.name': STANDARD_AUTHORIZER, 'super.users': 'User:ANONYMOUS' }
const reading = {
  ...{ resourceType: 2, resourceName: 'orders', resourcePatternType: 3, principal: 'User:a', host: '*' },
  ...{ operation: 3, permissionType: 3 },
}
const any = {
  ...{ resourceTypeFilter: 1, resourceNameFilter: null, patternTypeFilter: 1 },
  ...{ principalFilter: null, hostFilter: null, operation: 1, permissionType: 1 },
}

let rig: NodeRig

beforeAll(async () => {
  rig = await NodeRig.open({ settings, flush: 'ack' })
})
afterAll(() => expect(rig.lines.filter((line) => line.startsWith('error'))).toEqual([]))

const create = (...creations: (typeof reading)[]) =>
  rig.clock.until(rig.ask(createAcls, 3, { creations })).then(({ results }) => results)
const told = async (filter: object = {}) => (await rig.ask(describeAcls, 3, { ...any, ...filter })).resources

describe('access control entries', () => {
  it('are created once, told by what they are about, kept over a power cut, and deleted', async () => {
    const done = { errorCode: 0, errorMessage: '' }
    const prefixed = { ...reading, resourceName: 'ord', resourcePatternType: 4, permissionType: 2 }
    const writing = { ...reading, operation: 4 }
    expect(await create(reading, prefixed, writing, reading)).toMatchObject([done, done, done, done])
    const { endOffset } = rig.node.controller
    expect(await create(reading)).toMatchObject([done])
    expect(rig.node.controller.endOffset).toBe(endOffset)

    await rig.losePower()
    const entry = { principal: 'User:a', host: '*', operation: 3, permissionType: 3 }
    expect(await told()).toMatchObject([
      { ...about('orders', 3), acls: [entry, { ...entry, operation: 4 }] },
      { ...about('ord', 4), acls: [{ ...entry, permissionType: 2 }] },
    ])
    const names = async (filter: object) => (await told(filter)).map(({ resourceName }) => resourceName)
    expect(await names({ resourceNameFilter: 'orders', patternTypeFilter: 2 })).toEqual(['orders', 'ord'])
    expect(await names({ resourceNameFilter: 'orders' })).toEqual(['orders'])
    expect(await names({ permissionType: 2 })).toEqual(['ord'])
    expect(await names({ operation: 99 })).toEqual([])

    const filters = [{ ...any, operation: 4 }, any, { ...any, operation: 99 }]
    const { filterResults } = await rig.clock.until(rig.ask(deleteAcls, 3, { filters }))
    expect(filterResults.map(({ matchingAcls }) => matchingAcls.length)).toEqual([1, 3, 0])
    expect(filterResults[2]).toMatchObject({ errorCode: 42, errorMessage: 'Unknown entryFilter.' })
    expect(await told()).toEqual([])
  })

  it.each([
    [{ resourceType: 99 }, 'Invalid resourceType UNKNOWN'],
    [{ resourcePatternType: 99 }, 'Invalid patternType UNKNOWN'],
    [{ operation: 99 }, 'Invalid operation UNKNOWN'],
    [{ permissionType: 99 }, 'Invalid permissionType UNKNOWN'],
  ])('are refused with %j, which only a later Kafka may know', async (part, errorMessage) => {
    expect(await create({ ...reading, ...part })).toMatchObject([{ errorCode: 42, errorMessage }])
    expect(await told()).toEqual([])
  })

  it('are no matter of a broker without an authorizer', async () => {
    const open = await NodeRig.open()
    const code = errorCodes.SECURITY_DISABLED
    const why = 'No Authorizer is configured.'
    expect(await open.ask(describeAcls, 1, any)).toMatchObject({
      ...{ errorCode: code, errorMessage: 'No Authorizer is configured on the broker' },
    })
    expect(await open.ask(createAcls, 1, { creations: [reading] })).toMatchObject({
      results: [{ errorCode: code, errorMessage: why }],
    })
    expect(await open.ask(deleteAcls, 1, { filters: [any] })).toMatchObject({
      filterResults: [{ errorCode: code, errorMessage: why }],
    })
  })
})

function about(resourceName: string, patternType: number) {
  return { resourceType: 2, resourceName, patternType }
}
