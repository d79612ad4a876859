import { expect, test } from 'vitest'
import { documentByName } from '../../../src/lib/protocol/document.ts'
import { apis } from '../../../src/lib/protocol/registry.ts'

test('an API is documented as a tree of its request and response', () => {
  const rows = documentByName('Heartbeat')
  expect(
    rows.map(({ depth, name, type, versions, nullable }) => [depth, name, type, versions, nullable]),
  ).toStrictEqual([
    [0, 'Heartbeat', 'api 12', '0-4', null],
    [1, 'request', 'message', '0-4', null],
    [2, 'groupId', 'string', '0-4', null],
    [2, 'generationId', 'int32', '0-4', null],
    [2, 'memberId', 'string', '0-4', null],
    [2, 'groupInstanceId', 'string', '3-4', '3-4'],
    [1, 'response', 'message', '0-4', null],
    [2, 'throttleTimeMs', 'int32', '1-4', null],
    [2, 'errorCode', 'int16', '0-4', null],
  ])
})

test('the page of one version has only its fields', () => {
  expect(documentByName('Heartbeat', 0).map(({ name }) => name)).not.toContain('groupInstanceId')
  expect(() => documentByName('Heartbeat', 9)).toThrow(/no version 9/)
})

test('the heading tells of headers, dropped versions and releases', () => {
  const [top, request, ...rest] = documentByName('ApiVersions')
  expect(top?.about).toMatch(/^flexible from 3; served by broker, controller; 4\.3\.1 says 0-4; /)
  expect(request?.about).toBe('header v1; v2 from 3')
  expect(rest.find(({ name }) => name === 'response')?.about).toBe('header v0')
  expect(documentByName('produce')[0]?.about).toContain('dropped by Kafka 4: 0-2')
})

test('records and headers have pages too', () => {
  expect(documentByName('OffsetCommitValue')[0]?.about).toBe('type 1; behind its version, an int16')
  expect(documentByName('RequestHeader').map(({ name }) => name)).toContain('clientId')
})

test('an unknown name is answered with names like it', () => {
  expect(() => documentByName('Offset')).toThrow(
    expect.objectContaining({
      code: 'unknown-api',
      hint: expect.stringContaining('OffsetCommit, OffsetFetch'),
    }),
  )
})

test('every API has a page', () => {
  for (const api of apis) expect(documentByName(api.name).length).toBeGreaterThan(2)
})

test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty', ''])(
  '%j, which every object has, is no API',
  (name) => {
    expect(() => documentByName(name)).toThrow(expect.objectContaining({ code: 'unknown-api' }))
  },
)

test('an API is found by its key too', () => {
  expect(documentByName('3')[0]?.name).toBe('Metadata')
})
