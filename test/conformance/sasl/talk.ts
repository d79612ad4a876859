import { saslAuthenticate } from '../../../src/lib/protocol/apis/sasl-authenticate.ts'
import { saslHandshake } from '../../../src/lib/protocol/apis/sasl-handshake.ts'
import { Link } from '../../replay/link.ts'
import type { Step } from './conversation.ts'

/** What whoever fails has to wait for the answer. */
export const FAILURE_DELAY_MS = 600
const LATE_MS = FAILURE_DELAY_MS * 0.6
const PATIENCE_MS = 3000
const LENGTH_BYTES = 4
const API_VERSIONS = 18
const METADATA = 3

/** What a broker says to each step, as far as it has to be the same of every broker. */
export async function held(port: number, steps: readonly Step[]): Promise<string[]> {
  const link = await Link.open(port)
  const told: string[] = []
  let last = ''
  try {
    for (const { name, frame } of steps) {
      const bytes = frame(last)
      const sinceMs = performance.now()
      const outcome = await link.ask(bytes, PATIENCE_MS)
      const lateness = performance.now() - sinceMs >= LATE_MS ? 'late' : 'at once'
      if (typeof outcome === 'string') {
        told.push(`${name}: ${outcome}${outcome === 'silence' ? '' : ` ${lateness}`}`)
        return told
      }
      last = outcome.toString('latin1')
      told.push(`${name}: ${shown(bytes, outcome)} ${lateness}`)
    }
    return told
  } finally {
    link.close()
  }
}

function shown(request: Buffer, answer: Buffer): string {
  const isRequest = request.length >= LENGTH_BYTES + 4
  const [key, version] = isRequest ? [request.readInt16BE(4), request.readInt16BE(6)] : [-1, -1]
  // What a broker serves, and where it is, differs
  if (key === API_VERSIONS) return answer.subarray(LENGTH_BYTES, LENGTH_BYTES + 6).toString('hex')
  if (key === METADATA && answer.includes('127.0.0.1')) return 'an answer'
  if (key === saslHandshake.key) return answer.toString('hex')
  try {
    if (key === saslAuthenticate.key) return authenticated(answer, version)
  } catch {
    // It answers something else.
  }
  return withoutChance(answer.subarray(LENGTH_BYTES).toString('latin1'))
}

function authenticated(answer: Buffer, version: number): string {
  const headBytes = saslAuthenticate.responseHeaderVersion(version) === 0 ? 8 : 9
  const { authBytes, ...rest } = saslAuthenticate.response.decode(answer.subarray(headBytes), version)
  const said = { ...rest, authBytes: withoutChance(authBytes.toString('latin1')) }
  return JSON.stringify(said, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
}

/** Of SCRAM: a nonce, and what it was signed with. */
function withoutChance(text: string): string {
  return text.replace(/r=[^,]*,s=/, 'r=…,s=').replace(/v=[A-Za-z0-9+/=]+/, 'v=…')
}
