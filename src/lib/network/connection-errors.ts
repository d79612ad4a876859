import { ConnectionError } from '../errors.ts'
import type { Address } from '../ports/network.ts'

const reasons: Record<string, [code: string, reason: string]> = {
  ECONNREFUSED: ['connection-refused', 'nobody listens there'],
  ENOTFOUND: ['host-unknown', 'no such host is known'],
  EAI_AGAIN: ['host-unknown', 'the name could not be looked up'],
  ETIMEDOUT: ['connection-timed-out', 'no answer'],
  EHOSTUNREACH: ['host-unreachable', 'there is no way to that host'],
  ENETUNREACH: ['host-unreachable', 'there is no way to that network'],
  ECONNRESET: ['connection-reset', 'the other side cut the connection'],
  EADDRINUSE: ['address-in-use', 'the address is in use'],
  EACCES: ['address-not-permitted', 'permission denied'],
  EADDRNOTAVAIL: ['address-not-available', 'this machine has no such address'],
  // A system without IPv6 has no address of that family.
  EAFNOSUPPORT: ['address-not-available', 'this machine has no such address'],
  ABORT_ERR: ['connection-given-up', 'given up'],
}

export function refusal(cause: Error, at: Address): ConnectionError {
  const errno = 'code' in cause ? String(cause.code) : 'unknown'
  const [code, reason] = reasons[errno] ?? ['connection-failed', cause.message]
  return new ConnectionError(code, `${at.host}:${at.port}: ${reason}`, { cause, details: { ...at, errno } })
}

export function noPort(at: Address): ConnectionError {
  return new ConnectionError('no-such-port', `${at.host}:${at.port}: no host has such a port`, {
    details: { ...at },
  })
}
