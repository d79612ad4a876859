import { expect, it } from 'vitest'
import { decodeControlRecord } from '../../../../src/lib/log/internal/control-record.ts'
import { decodeInternalRecord } from '../../../../src/lib/log/internal/decode-internal-record.ts'
import { configRecord } from '../../../../src/lib/protocol/records/cluster-metadata-records.ts'
import {
  delegationTokenRecord,
  userScramCredentialRecord,
} from '../../../../src/lib/protocol/records/cluster-metadata-security-records.ts'

const alice = userScramCredentialRecord.encodeFramed(
  {
    name: 'alice',
    mechanism: 1,
    salt: Buffer.from('salt of alice'),
    storedKey: Buffer.from('stored key'),
    serverKey: Buffer.from('server key'),
    iterations: 4096,
  },
  0,
)

function config(name: string, value: string): Buffer {
  return configRecord.encodeFramed({ resourceType: 4, resourceName: '1', name, value }, 0)
}

function decode(value: Buffer, reveal = false) {
  const record = decodeInternalRecord('__cluster_metadata', null, value, { reveal })
  if (record === undefined) throw new Error('not decoded')
  return record
}

it('covers the keys of a SCRAM credential in what it says and in its bytes', () => {
  const { type, value, covered, shownValue } = decode(alice)
  expect(type).toBe('UserScramCredentialRecord')
  expect(value).toEqual({
    name: 'alice',
    mechanism: 1,
    salt: '(covered)',
    storedKey: '(covered)',
    serverKey: '(covered)',
    iterations: 4096,
  })
  expect(covered).toEqual(['salt', 'storedKey', 'serverKey'])
  expect(shownValue?.length).toBe(alice.length)
  for (const secret of ['salt of', 'stored', 'server']) {
    expect(alice.includes(secret)).toBe(true)
    expect(shownValue?.includes(secret)).toBe(false)
  }
})

it('shows them where that is asked for', () => {
  const { value, covered, shownValue } = decode(alice, true)
  expect(value).toMatchObject({ salt: Buffer.from('salt of alice').toString('base64') })
  expect(covered).toEqual([])
  expect(shownValue).toBe(alice)
})

it('covers a credential that it cannot read to its end', () => {
  const { value, covered, shownValue, problem } = decode(Buffer.concat([alice, Buffer.from('secret')]))
  expect(problem).toContain('follow its end')
  expect(value).toBeNull()
  expect(covered).toEqual(['value'])
  expect(shownValue?.includes('salt')).toBe(false)
  expect(shownValue?.includes('secret')).toBe(false)
})

it('covers the id of a delegation token', () => {
  const token = { owner: 'User:a', requester: 'User:a', renewers: [], tokenId: 'half-a-key' }
  const times = { issueTimestamp: 1n, maxTimestamp: 2n, expirationTimestamp: 2n }
  const { value, shownValue } = decode(delegationTokenRecord.encodeFramed({ ...token, ...times }, 0))
  expect(value).toMatchObject({ owner: 'User:a', tokenId: '(covered)' })
  expect(shownValue?.includes('half-a-key')).toBe(false)
})

it.each([
  ['ssl.keystore.password', true],
  ['listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config', true],
  ['ssl.keystore.key', true],
  ['ssl.keystore.location', false],
  ['retention.ms', false],
])('covers the value of a config that is a password: %s, %s', (name, isSecret) => {
  const { value, shownValue } = decode(config(name, 'a b c'))
  expect(value).toMatchObject({ name, value: isSecret ? '(covered)' : 'a b c' })
  expect(shownValue?.includes('a b c')).toBe(!isSecret)
})

it('keeps what it does not know as it is', () => {
  const future = Buffer.from([1, 99, 0, 1, 2, 3])
  const unknown = { type: null, typeId: 99, value: null, shownValue: future }
  expect(decode(future)).toMatchObject({ ...unknown, problem: 'its type 99 is not known' })
  const key = Buffer.from([0, 99])
  expect(decodeInternalRecord('__consumer_offsets', key, future)).toMatchObject(unknown)
  expect(decodeInternalRecord('orders', key, future)).toBeUndefined()
})

it.each([
  ['an empty value', Buffer.alloc(0)],
  ['a frame of another kind', Buffer.from([0, 2, 0])],
  ['a frame that is cut off', Buffer.from([1, 0x80])],
])('says what is wrong with %s', (_, value) => {
  expect(decode(value).problem).toBe('its value does not begin with a frame')
})

it.each([
  ['no key', null, null],
  ['a key that is cut off', Buffer.from([0]), null],
  ['an unknown type', Buffer.from([0, 0, 0, 99]), null],
  ['no value', Buffer.from([0, 0, 0, 1]), null],
  ['a version of the future', Buffer.from([0, 0, 0, 1]), Buffer.from([0, 9, 0, 0, 0, 0])],
])('says what is wrong with a control record that has %s', (_, key, value) => {
  expect(decodeControlRecord(key, value).problem).toMatch(/\w/)
})

it('names a group that is gone', () => {
  const key = Buffer.from([0, 2, 0, 2, 0x67, 0x31])
  const record = decodeInternalRecord('__consumer_offsets', key, null)
  expect(record).toMatchObject({ type: 'GroupMetadata', key: { group: 'g1' }, version: null, value: null })
})
