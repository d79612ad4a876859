import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { findProtocolError, protocolErrors } from '../../../src/lib/protocol/errors.ts'

interface GoldenError {
  code: number
  name: string
  exception: string | null
  retriable: boolean
  invalidMetadata: boolean
  refreshMetadata: boolean
  abortableTransaction: boolean
  recoverableByApplication: boolean
  ancestors: string[]
}

const golden = new URL('../../golden/wire/tables/errors.json', import.meta.url)
const kafka = JSON.parse(readFileSync(golden, 'utf8')) as GoldenError[]

describe('the error table', () => {
  it("has Kafka's errors, their exceptions, and what a client may do about each", () => {
    const theirs = kafka.map(({ ancestors: _, ...error }) => error)
    const ours = protocolErrors.map(({ about: _about, hint: _hint, ...error }) => error)
    expect(ours).toEqual(theirs)
  })

  it('says in whole sentences what has happened and what to do next', () => {
    const texts = protocolErrors.flatMap(({ about, hint }) => [about, hint])
    expect(texts.filter((text) => !/^[\dA-Za-z].{10,}\.$/.test(text))).toEqual([])
  })

  it.each([
    ['3', 'UNKNOWN_TOPIC_OR_PARTITION'],
    ['-1', 'UNKNOWN_SERVER_ERROR'],
    ['not_leader_or_follower', 'NOT_LEADER_OR_FOLLOWER'],
    ['NotLeaderOrFollowerException', 'NOT_LEADER_OR_FOLLOWER'],
  ])('finds %s', (text, name) => {
    expect(findProtocolError(text)?.name).toBe(name)
  })

  it.each(['', '03', '3.0', '9999', 'null', 'LEADER'])('does not find "%s"', (text) => {
    expect(findProtocolError(text)).toBeUndefined()
  })
})
