import { describe, expect, it } from 'vitest'
import { ApiError } from '../../../../src/lib/broker/api-error.ts'
import { handlers } from '../../../../src/lib/broker/apis/handlers.ts'
import { failureAnswer } from '../../../../src/lib/broker/server/respond.ts'

describe('the answer to a request that failed as a whole', () => {
  it('can be written at every version that is served, or there is none', () => {
    const answered = new Map<string, number>()
    for (const handler of handlers) {
      const { api } = handler
      const { min, max } = api.served() ?? { min: 0, max: -1 }
      for (let version = min; version <= max; version++) {
        const head = { handler, version, correlationId: 1, clientId: null, isKnownVersion: true }
        const answer = failureAnswer(head, new ApiError('COORDINATOR_NOT_AVAILABLE'))
        if (answer === undefined) continue
        expect(() => api.response.encode(answer, version)).not.toThrow()
        answered.set(api.name, version)
      }
    }
    expect(answered.get('Fetch')).toBeGreaterThan(10)
    expect(answered.get('FindCoordinator')).toBe(3)
  })
})
