import { describe, expect, it } from 'vitest'
import { Authorizer } from '../../../../src/lib/broker/security/authorizer.ts'
import {
  readAuthorizerSettings,
  STANDARD_AUTHORIZER,
} from '../../../../src/lib/broker/security/authorizer-settings.ts'
import { hostAddress } from '../../../../src/lib/broker/security/host-address.ts'
import type { AclImage } from '../../../../src/lib/log/cluster/metadata-image.ts'
import { HandClock } from '../../log/write/log-rig.ts'

const anna = { principal: 'User:anna', peerHost: '10.0.0.1', apiName: 'Produce' }

function rig(acls: readonly Partial<AclImage>[], settings: Readonly<Record<string, string>> = {}) {
  const all = new Map<string, AclImage>()
  const subscribers: { aclsChanged?(): void }[] = []
  const lines: string[] = []
  const clock = new HandClock()
  const authorizer = new Authorizer({
    ...(readAuthorizerSettings(
      new Map(Object.entries({ 'authorizer.class.name': STANDARD_AUTHORIZER, ...settings })),
    ) ?? { superUsers: new Set(), allowsWithoutAcl: false }),
    controller: {
      acls: { all: () => all, create: () => {}, remove: () => {} },
      subscribe: (each) => void subscribers.push(each),
    },
    log: { log: (level, message, facts) => void lines.push(`${level} ${message} ${JSON.stringify(facts)}`) },
    clock,
  })
  const add = (...more: readonly Partial<AclImage>[]) => {
    for (const acl of more) all.set(String(all.size), { ...entry, id: String(all.size), ...acl })
    for (const each of subscribers) each.aclsChanged?.()
  }
  add(...acls)
  return { authorizer, add, lines, clock }
}

const entry: Omit<AclImage, 'id'> = {
  ...{ principal: 'User:anna', host: '*', operation: 'WRITE', permission: 'ALLOW' },
  ...{ resourceType: 'TOPIC', resourceName: 'orders', patternType: 'LITERAL' },
}

describe('the authorizer', () => {
  it('finds entries by name, by prefix and for all names, and forgets none that comes later', () => {
    const { authorizer, add } = rig([{}, { resourceName: 'pay', patternType: 'PREFIXED' }])
    const mayWrite = (topic: string) => authorizer.allows(anna, 'WRITE', 'TOPIC', topic)
    expect(['orders', 'payments', 'pa', 'order', 'orders-eu'].filter(mayWrite)).toEqual([
      'orders',
      'payments',
    ])
    expect(authorizer.allows(anna, 'WRITE', 'GROUP', 'orders')).toBe(false)
    add({ resourceName: '*' }, { resourceName: 'secret-', patternType: 'PREFIXED', permission: 'DENY' })
    expect(['order', 'secret-plans'].filter(mayWrite)).toEqual(['order'])
  })

  it('lets super users do everything, and everybody what no entry is about where it shall', () => {
    const denying = [{ permission: 'DENY', principal: 'User:*', resourceName: '*', operation: 'ALL' }]
    const { authorizer } = rig(denying, { 'super.users': 'User:root; User:anna' })
    expect(authorizer.allows(anna, 'WRITE', 'TOPIC', 'orders')).toBe(true)
    expect(authorizer.allows({ ...anna, principal: 'User:bert' }, 'WRITE', 'TOPIC', 'orders')).toBe(false)
    const open = rig([{ operation: 'READ' }], { 'allow.everyone.if.no.acl.found': 'True' }).authorizer
    expect(open.allows(anna, 'WRITE', 'TOPIC', 'payments')).toBe(true)
    expect(open.allows(anna, 'WRITE', 'TOPIC', 'orders')).toBe(false)
  })

  it.each<[string, boolean, readonly Partial<AclImage>[]]>([
    ['there is a topic that may be written', true, [{}]],
    ['there is none', false, [{ operation: 'READ' }]],
    ['that of the permission is denied', false, [{}, { permission: 'DENY' }]],
    ['another is denied', true, [{}, { permission: 'DENY', resourceName: 'payments' }]],
    ['a prefix of it is', false, [{}, { permission: 'DENY', resourceName: 'ord', patternType: 'PREFIXED' }]],
    ['all are denied', false, [{ resourceName: '*' }, { permission: 'DENY', resourceName: '*' }]],
    ['all are allowed but one', true, [{ resourceName: '*' }, { permission: 'DENY' }]],
    ['it is for another address', false, [{ host: '10.0.0.2' }]],
    ['it is for everybody', true, [{ principal: 'User:*', operation: 'ALL' }]],
  ])('knows whether there is anything to write to where %s', (_, expected, acls) => {
    expect(rig(acls).authorizer.allowsWithAny(anna, 'WRITE', 'TOPIC')).toBe(expected)
  })

  it('says in one line who was denied what, and of many no more than can be read', () => {
    const { authorizer, lines, clock } = rig([{ permission: 'DENY' }])
    authorizer.allows(anna, 'WRITE', 'TOPIC', 'orders', true)
    expect(lines).toEqual([])
    for (let i = 0; i < 50; i++) authorizer.allows(anna, 'WRITE', 'TOPIC', 'orders')
    expect(lines).toHaveLength(20)
    expect(JSON.parse(lines[0]?.replace('warn denied ', '') ?? '')).toEqual({
      principal: 'User:anna',
      host: '10.0.0.1',
      operation: 'WRITE',
      resource: 'TOPIC:orders',
      request: 'Produce',
      rule: 'DENY User:anna WRITE LITERAL:orders',
    })
    clock.pass(1001)
    authorizer.allows(anna, 'READ', 'TOPIC', 'payments')
    expect(lines.slice(20)).toEqual([
      'warn denied more requests {"count":30}',
      expect.stringContaining('"rule":"no entry allows it"'),
    ])
  })

  it('is the one that Kafka has, or none', () => {
    expect(readAuthorizerSettings(new Map())).toBeNull()
    expect(readAuthorizerSettings(new Map([['authorizer.class.name', ' ']]))).toBeNull()
    const other = new Map([['authorizer.class.name', 'com.example.Mine']])
    expect(() => readAuthorizerSettings(other)).toThrow('there is no com.example.Mine here')
  })

  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['::1', '0:0:0:0:0:0:0:1'],
    ['fe80::0A1:2%eth0', 'fe80:0:0:0:0:0:a1:2%eth0'],
    ['2001:db8:0:1:2:3:4:5', '2001:db8:0:1:2:3:4:5'],
  ])('calls %s what Java calls it', (host, expected) => {
    expect(hostAddress(host)).toBe(expected)
  })
})
