import { describe, expect, it } from 'vitest'
import type { Acl } from '../../../src/lib/model/acls.ts'
import { checkAcls } from '../../../src/lib/model/check-acls.ts'

const question = {
  principal: 'User:anna',
  host: '10.0.0.1',
  operation: 'READ',
  resourceType: 'TOPIC',
  resourceName: 'orders-eu',
}

describe('checkAcls', () => {
  it('allows what an entry allows, and names the entry', () => {
    const allow = entry({})
    expect(checkAcls([allow, entry({ principal: 'User:bert' })], question)).toEqual({
      verdict: 'allowed',
      because: [allow],
    })
  })

  it('lets one denial win over any permission', () => {
    const deny = entry({
      permission: 'DENY',
      principal: 'User:*',
      resourceName: 'ord',
      patternType: 'PREFIXED',
    })
    const acls = [entry({}), entry({ operation: 'ALL' }), deny]
    expect(checkAcls(acls, question)).toEqual({ verdict: 'denied', because: [deny] })
  })

  it.each<[string, Partial<Acl>]>([
    ['a prefix of its name', { resourceName: 'orders-', patternType: 'PREFIXED' }],
    ['the whole of its name as a prefix', { resourceName: 'orders-eu', patternType: 'PREFIXED' }],
    ['every name', { resourceName: '*' }],
    ['every principal', { principal: 'User:*' }],
    ['the host it comes from', { host: '10.0.0.1' }],
    ['every operation', { operation: 'ALL' }],
  ])('holds an entry for %s', (_, difference) => {
    expect(checkAcls([entry(difference)], question).verdict).toBe('allowed')
  })

  it.each<[string, Partial<Acl>]>([
    ['another host', { host: '10.0.0.2' }],
    ['another principal', { principal: 'User:ann' }],
    ['another operation', { operation: 'WRITE' }],
  ])('denies where the entries of the resource are for %s', (_, difference) => {
    expect(checkAcls([entry(difference)], question)).toEqual({ verdict: 'denied', because: [] })
  })

  it.each<[string, Partial<Acl>]>([
    ['a literal name is only the beginning', { resourceName: 'orders-' }],
    ['an asterisk is the prefix', { resourceName: '*', patternType: 'PREFIXED' }],
    ['the name is that of a group', { resourceType: 'GROUP' }],
  ])('leaves it to the setting of the brokers where %s', (_, difference) => {
    expect(checkAcls([entry(difference)], question)).toEqual({ verdict: 'none', because: [] })
  })

  it.each(['READ', 'WRITE', 'DELETE', 'ALTER', 'ALL'])('lets who may %s describe', (operation) => {
    const describing = { ...question, operation: 'DESCRIBE' }
    expect(checkAcls([entry({ operation })], describing).verdict).toBe('allowed')
  })

  it('lets who may alter configs read them, and nobody else', () => {
    const reading = { ...question, operation: 'DESCRIBE_CONFIGS' }
    expect(checkAcls([entry({ operation: 'ALTER_CONFIGS' })], reading).verdict).toBe('allowed')
    expect(checkAcls([entry({ operation: 'ALTER' })], reading).verdict).toBe('denied')
  })

  it('implies nothing in a denial: who may not read may still describe', () => {
    const acls = [entry({ operation: 'DESCRIBE' }), entry({ permission: 'DENY' })]
    expect(checkAcls(acls, { ...question, operation: 'DESCRIBE' }).verdict).toBe('allowed')
  })
})

function entry(difference: Partial<Acl>): Acl {
  return {
    ...{ principal: 'User:anna', host: '*', operation: 'READ', permission: 'ALLOW' },
    ...{ resourceType: 'TOPIC', resourceName: 'orders-eu', patternType: 'LITERAL' },
    ...difference,
  }
}
