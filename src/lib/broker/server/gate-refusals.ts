import { AuthError } from '../../errors.ts'
import type { RequestHead } from './request-head.ts'
import type { Session } from './session.ts'

export function unexpected({ handler }: RequestHead, during: string): AuthError {
  return new AuthError('unexpected-request', `it asks for ${handler.api.name} during the SASL ${during}`)
}

export function unknownMechanism(mechanism: string): AuthError {
  return new AuthError('unknown-mechanism', `it wants to log in by ${JSON.stringify(mechanism.slice(0, 40))}`)
}

export function otherMechanism(mechanism: string, before: string): AuthError {
  return new AuthError('other-mechanism', `it logs in anew by ${mechanism}, and did by ${before} before`)
}

export function otherPrincipal({ principal }: Session, name: string): AuthError {
  const [type, ...rest] = principal.split(':')
  return new AuthError(
    'sasl-authentication-failed',
    `Cannot change principals during re-authentication from ${type}.${rest.join(':')}: User.${name}`,
  )
}

export function struckByRule({ handler }: RequestHead, error: string): AuthError {
  return new AuthError('struck-by-rule', `a fault rule has its ${handler.api.name} fail with ${error}`)
}
