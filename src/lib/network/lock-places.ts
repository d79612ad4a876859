import type { NetConnectOpts } from 'node:net'

/** Where whoever holds a directory listens: places that follow from the directory alone. */
export interface LockPlaces {
  /** Whether nobody else can be there: who finds the place taken need not ask by whom. */
  readonly areOurs: boolean
  of(key: string): readonly NetConnectOpts[]
}

/** Names that vanish with the process that holds them, of which only Linux has such. */
export const abstractNames: LockPlaces = {
  areOurs: true,
  of: (key) => [{ path: `\0ktool-directory-${key}` }],
}

/** Below the ports that systems give to whoever asks for any. */
const FIRST_PORT = 12_000
const PORTS = 18_000
const CHOICES = 3

/** Ports of this machine that strangers may sit on; hence more than one. */
export const loopbackPorts: LockPlaces = {
  areOurs: false,
  of: (key) =>
    Array.from({ length: CHOICES }, (_, choice) => ({
      host: '127.0.0.1',
      port: FIRST_PORT + (hash(`${choice} ${key}`) % PORTS),
    })),
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  return value >>> 0
}
