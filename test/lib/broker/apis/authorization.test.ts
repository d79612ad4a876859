import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { handlers } from '../../../../src/lib/broker/apis/handlers.ts'
import { errorCodes } from '../../../../src/lib/protocol/error-codes.ts'
import { askedOfNobody, questions } from './authorization-questions.ts'
import { NodeRig } from './node-rig.ts'

let rig: NodeRig

beforeAll(async () => {
  rig = await NodeRig.open()
})

/** Lets everybody do everything, or nothing, and keeps what was asked. */
function decide(isAllowed: boolean): string[] {
  const asked: string[] = []
  const allows = (_asker: unknown, operation: string, type: string, name: string) => {
    asked.push(`${operation} ${type}:${name}`)
    return isAllowed
  }
  const allowsWithAny = (_asker: unknown, operation: string, type: string) => {
    asked.push(`${operation} ${type}:any`)
    return isAllowed
  }
  Object.assign(rig.node, { authorizer: { allows, allowsWithAny } })
  return asked
}

describe('every API that is served', () => {
  it('is in the list of what is asked before it does anything', () => {
    const listed = [...Object.keys(questions), ...askedOfNobody]
    const said = 'authorization-questions.ts says of each API what it asks'
    expect(handlers.map(({ api }) => api.name).sort(), said).toEqual(listed.sort())
  })

  it.each(Object.entries(questions))('%s asks what Kafka asks', async (name, { version, request, asks }) => {
    const asked = decide(true)
    await rig.outcomeOf(name, version, request)
    expect(asked).toEqual(asks)
  })

  it.each(Object.entries(questions))(
    '%s refuses as Kafka does',
    async (name, { version, request, refusals }) => {
      decide(false)
      const answer = await rig.outcomeOf(name, version, request)
      expect(typeof answer).toBe('object')
      expect(errorsIn(answer)).toEqual(
        refusals.map((refusal) => errorCodes[refusal as keyof typeof errorCodes]),
      )
    },
  )
})

afterAll(() => decide(true))

/** All codes but 0, in their order. */
function errorsIn(answer: unknown): number[] {
  if (Array.isArray(answer)) return answer.flatMap(errorsIn)
  if (typeof answer !== 'object' || answer === null) return []
  return Object.entries(answer).flatMap(([key, value]) => {
    const isCode = key === 'errorCode' || key === 'partitionErrorCode'
    return isCode ? (value === 0 ? [] : [Number(value)]) : errorsIn(value)
  })
}
