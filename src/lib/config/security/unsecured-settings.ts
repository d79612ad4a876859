import { FailedError } from '../../errors.ts'
import type { TokenSource } from '../cluster-settings.ts'

const LIFETIME_SECONDS = 3600

/** What Java's login module makes of itself where nothing else is said: a token that nobody signs. */
export function unsecuredSource(options: ReadonlyMap<string, string>): TokenSource | undefined {
  const claims = Object.fromEntries([...options].flatMap(([key, value]) => claimOf(key, value)))
  const principal = options.get('unsecuredLoginPrincipalClaimName') ?? 'sub'
  if (claims[principal] === undefined) return undefined
  const lifetime = options.get('unsecuredLoginLifetimeSeconds')
  const lifetimeSeconds = lifetime === undefined ? LIFETIME_SECONDS : numberOf(lifetime)
  return { kind: 'unsecured', claims, lifetimeSeconds }
}

function claimOf(key: string, value: string): [string, unknown][] {
  const [, kind, name] = /^unsecuredLogin(String|Number|List)Claim_(.+)$/.exec(key) ?? []
  if (name === undefined) return []
  if (kind === 'String') return [[name, value]]
  if (kind === 'Number') return [[name, numberOf(value)]]
  // The first character is what stands between the others.
  return [[name, value.slice(1).split(value.slice(0, 1))]]
}

function numberOf(text: string): number {
  const number = Number(text)
  if (text.trim() !== '' && Number.isFinite(number)) return number
  throw new FailedError(
    'malformed-jaas',
    'a number among the unsecuredLogin options of sasl.jaas.config is none',
  )
}
