import type { OidcSource } from '../../config/cluster-settings.ts'
import { AuthError, ConnectionError, KtoolError } from '../../errors.ts'
import { askByHttp } from '../../network/ask-by-http.ts'
import type { HttpAnswer } from '../../network/http-answer.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Network } from '../../ports/network.ts'

const LONGEST_WORDS = 300

export interface GivenToken {
  readonly token: string
  /** Null: the answer does not say how long it is good for. */
  readonly lifetimeMs: number | null
}

/** RFC 6749, 4.4: id and secret against a token. */
export async function oidcToken(
  source: OidcSource,
  world: { readonly network: Network; readonly clock: Clock },
  patienceMs: number,
): Promise<GivenToken> {
  const url = new URL(source.url)
  try {
    const answer = await askByHttp({ url, ...questionOf(source), trust: source.trust, patienceMs }, world)
    return tokenIn(answer)
  } catch (cause) {
    if (!(cause instanceof KtoolError)) throw cause
    const { code, message, hint, details } = cause
    const facts = { hint, details: { ...details, tokenEndpoint: url.host }, cause }
    const words = `no token from ${url.host}: ${message}`
    throw cause instanceof AuthError
      ? new AuthError(code, words, facts)
      : new ConnectionError(code, words, facts)
  }
}

function questionOf({ clientId, clientSecret, scope, encodesHeader }: OidcSource) {
  const plain = encodesHeader
    ? `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`
    : `${clientId}:${clientSecret}`
  const headers = {
    Authorization: `Basic ${Buffer.from(plain).toString('base64')}`,
    'Content-Type': 'application/x-www-form-urlencoded',
  }
  const form = new URLSearchParams({ grant_type: 'client_credentials', ...(scope === null ? {} : { scope }) })
  return { headers, body: form.toString() }
}

function tokenIn({ status, body }: HttpAnswer): GivenToken {
  const answer = jsonIn(body)
  if (status !== 200) throw refusal(status, answer)
  const token = answer.access_token ?? answer.id_token
  if (typeof token !== 'string' || token === '')
    throw new AuthError('no-token', 'the answer has no access_token')
  const { expires_in: seconds } = answer
  return { token, lifetimeMs: typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : null }
}

function refusal(status: number, { error, error_description: words }: Record<string, unknown>): KtoolError {
  const told = [error, words].filter((part) => typeof part === 'string').map((part) => clean(part))
  const reason = [`it answers ${status}`, ...told].join(', ')
  if (status >= 500) return new ConnectionError('token-endpoint-failed', reason)
  const hint = 'see the client id, its secret, the scope, and the path of the URL'
  return new AuthError('token-refused', reason, { hint })
}

/** Words of a stranger, on one line. */
function clean(words: string): string {
  return JSON.stringify(words.slice(0, LONGEST_WORDS)).slice(1, -1)
}

function jsonIn(body: Buffer): Record<string, unknown> {
  try {
    const answer: unknown = JSON.parse(body.toString('utf8'))
    return typeof answer === 'object' && answer !== null ? { ...answer } : {}
  } catch {
    return {}
  }
}
