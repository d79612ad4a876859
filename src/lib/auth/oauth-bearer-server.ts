import { AuthError } from '../errors.ts'
import { type SaslServer, type SaslStep, toldRefusal } from './sasl-server.ts'

const ACKNOWLEDGED = Buffer.from('\x01')
const HEADER = /^n,(?:a=([^,]*))?,$/
/** Between fields, and twice at the end. */
const SEPARATOR = '\x01'

export interface UnsecuredRules {
  readonly principalClaim: string
  readonly clockSkewMs: number
}

/** Believes tokens that nobody signed, as Kafka does where no other validator is said: for desks and tests. */
export class UnsecuredTokenServer implements SaslServer {
  readonly mechanism = 'OAUTHBEARER'
  readonly #rules: UnsecuredRules
  readonly #nowMs: () => number
  #claimed: string | undefined
  /** What the client was told, until it has acknowledged that. */
  #refusal: { readonly words: string; readonly reason: string } | undefined

  constructor(rules: UnsecuredRules, nowMs: () => number) {
    this.#rules = rules
    this.#nowMs = nowMs
  }

  get claimed(): string | undefined {
    return this.#claimed
  }

  next(message: Buffer): SaslStep {
    if (this.#refusal !== undefined && message.equals(ACKNOWLEDGED)) throw toldRefusal(this.#refusal.words)
    this.#refusal = undefined
    const { authorizationId, token } = greetingOf(message)
    const claims = claimsOf(token)
    const name = claims?.[this.#rules.principalClaim]
    const reason = claims === undefined ? 'it is no unsigned token' : this.#reasonAgainst(claims)
    if (reason !== undefined || typeof name !== 'string') return this.#refuse(reason ?? 'it names nobody')
    this.#claimed = name
    if (authorizationId !== '' && authorizationId !== name)
      throw toldRefusal(
        `Authentication failed: Client requested an authorization id (${authorizationId}) that is different from the token's principal name (${name})`,
      )
    return { answer: Buffer.of(), login: { name, expiresMs: Number(claims?.exp) * 1000 } }
  }

  /** RFC 7628: the client reads why, says that it has, and only then is refused. */
  #refuse(reason: string): SaslStep {
    const words = '{"status":"invalid_token"}'
    this.#refusal = { words, reason }
    return { answer: Buffer.from(words) }
  }

  #reasonAgainst({ exp, iat }: Claims): string | undefined {
    const { clockSkewMs } = this.#rules
    const nowMs = this.#nowMs()
    if (typeof exp !== 'number') return 'it does not say when it expires'
    if (nowMs - clockSkewMs >= exp * 1000) return 'it has expired'
    if (iat === undefined) return undefined
    if (typeof iat !== 'number' || iat * 1000 > nowMs + clockSkewMs) return 'it is of the future'
    return exp <= iat ? 'it expires before it begins' : undefined
  }
}

type Claims = Readonly<Record<string, unknown>>

function greetingOf(message: Buffer): { authorizationId: string; token: string } {
  const [header = '', ...fields] = message.toString('utf8').split(SEPARATOR)
  const [isKnown, authorizationId = ''] = HEADER.exec(header) ?? []
  const auth = fields.find((field) => field.startsWith('auth='))?.slice('auth='.length) ?? ''
  const token = /^bearer +([-_.+/=\w~]+)$/i.exec(auth)?.[1]
  const isWhole = fields.length >= 3 && fields.at(-1) === '' && fields.at(-2) === ''
  if (isKnown !== undefined && isWhole && token !== undefined) return { authorizationId, token }
  throw new AuthError('malformed-sasl', 'an OAUTHBEARER message shows no token')
}

/** Of a token without a signature; nothing where it is anything else. */
function claimsOf(token: string): Claims | undefined {
  const [head = '', body = '', signature] = token.split('.')
  if (signature !== '' || jsonOf(head)?.alg !== 'none') return undefined
  return jsonOf(body)
}

function jsonOf(base64: string): Claims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(base64, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Claims) : undefined
  } catch {
    return undefined
  }
}
