import { join } from 'node:path'
import { readText } from '../../config/text-file.ts'
import type { Disk, ReadableDisk } from '../../ports/disk.ts'

/** Where a broker is controlled, as it says in its data directory. Apache Kafka leaves files there alone. */
export interface ControlPlace {
  readonly processId: number
  /** The file at which it listens for commands of this machine; null where its name would be too long. */
  readonly socket: string | null
  /** The port that was asked for. */
  readonly url: string | null
}

export const TOKEN_FILE = '.ktool-control-token'
const PLACE_FILE = '.ktool-control.json'
const SOCKET = /^ktool-control-[0-9a-f]{16}\.sock$/

export function tokenFile(dataDir: string): string {
  return join(dataDir, TOKEN_FILE)
}

/** Only its user can read either file; who can read them may do with the broker what he likes. */
export function writeControlFiles(disk: Disk, dataDir: string, place: ControlPlace, token: string): void {
  writePrivately(disk, tokenFile(dataDir), `${token}\n`)
  writePrivately(disk, join(dataDir, PLACE_FILE), `${JSON.stringify(place)}\n`)
}

export function removeControlFiles(disk: Disk, dataDir: string): void {
  remove(disk, join(dataDir, PLACE_FILE))
  remove(disk, tokenFile(dataDir))
}

export function readControlPlace(disk: ReadableDisk, dataDir: string): ControlPlace | undefined {
  const text = readText(disk, join(dataDir, PLACE_FILE))
  if (text === undefined) return undefined
  try {
    const { processId, socket, url } = JSON.parse(text)
    return { processId: Number(processId), socket: asText(socket), url: asText(url) }
  } catch {
    return undefined
  }
}

export function readToken(disk: ReadableDisk, dataDir: string): string {
  return readText(disk, tokenFile(dataDir))?.trim() ?? ''
}

export function isControlSocket(name: string): boolean {
  return SOCKET.test(name)
}

/** After a kill the file at which the last broker on this directory listened is still there. */
export function removeOldSocket(disk: Disk, dataDir: string): void {
  const { socket = null } = readControlPlace(disk, dataDir) ?? {}
  if (socket !== null && isControlSocket(socket.split('/').at(-1) ?? '')) remove(disk, socket)
}

function writePrivately(disk: Disk, path: string, text: string): void {
  // A file that is there already may be open to others.
  remove(disk, path)
  const file = disk.openToAppend(path, 'private')
  try {
    file.append(Buffer.from(text))
  } finally {
    file.close()
  }
}

function remove(disk: Disk, path: string): void {
  if (disk.stat(path) !== undefined) disk.remove(path)
}

function asText(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
