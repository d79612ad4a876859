import { connect, createServer, type NetConnectOpts, type Server } from 'node:net'
import { FailedError } from '../errors.ts'
import type { Clock } from '../ports/clock.ts'
import type { DirectoryHolder, DirectoryLock, HeldDirectory } from '../ports/directory-lock.ts'
import type { Disk } from '../ports/disk.ts'
import type { LockPlaces } from './lock-places.ts'
import { OwnerFile } from './owner-file.ts'

/** How long an answer may take; a holder that is suspended gives none. */
const ANSWER_MS = 400
const LARGEST_ANSWER_BYTES = 4096

/**
 * Holds a directory by listening at a place that belongs to it, as long as the process lives. Whoever connects
 * there is told who that is; a file in the directory tells people, and those whom the holder cannot answer.
 */
export class SocketDirectoryLock implements DirectoryLock {
  readonly #disk: Disk
  readonly #clock: Clock
  readonly #places: LockPlaces

  constructor(disk: Disk, clock: Clock, places: LockPlaces) {
    this.#disk = disk
    this.#clock = clock
    this.#places = places
  }

  async hold(directory: string, owner: DirectoryHolder): Promise<HeldDirectory> {
    const key = this.#keyOf(directory)
    const places = this.#places.of(key)
    const held = await listenAtFirst(places, JSON.stringify({ key, ...owner }))
    const others = places.filter((place) => place !== held?.place)
    const answers = await Promise.all(others.map((place) => this.#ask(place, key)))
    const holder = answers.find((answer) => answer !== undefined)
    const file = new OwnerFile(this.#disk, directory)
    if (holder !== undefined || (held === undefined && this.#places.areOurs)) {
      await held?.close()
      throw inUse(directory, holder ?? file.read())
    }
    try {
      file.write(owner)
    } catch (error) {
      await held?.close()
      throw error
    }
    return {
      release: async () => {
        file.remove()
        await held?.close()
      },
    }
  }

  async mustBeFree(directory: string): Promise<void> {
    const key = this.#keyOf(directory)
    const answers = await Promise.all(this.#places.of(key).map((place) => this.#ask(place, key)))
    const holder = answers.find((answer) => answer !== undefined)
    if (holder !== undefined) throw inUse(directory, holder)
  }

  /** The same for all names of a directory. */
  #keyOf(directory: string): string {
    const identity = this.#disk.stat(directory)?.identity
    return identity === undefined ? directory : `${identity.device}-${identity.inode}`
  }

  /** Nothing where nobody is, or somebody who keeps another directory. */
  #ask(place: NetConnectOpts, key: string): Promise<DirectoryHolder | undefined> {
    return new Promise((resolve) => {
      let text = ''
      const socket = connect(place)
      const giveUp = this.#clock.after(ANSWER_MS, () => socket.destroy())
      socket.on('data', (chunk) => {
        text += String(chunk)
        if (text.length > LARGEST_ANSWER_BYTES) socket.destroy()
      })
      socket.on('error', () => {})
      socket.on('close', () => {
        giveUp()
        resolve(holderFrom(text, key))
      })
    })
  }
}

interface HeldPlace {
  readonly place: NetConnectOpts
  close(): Promise<void>
}

async function listenAtFirst(
  places: readonly NetConnectOpts[],
  answer: string,
): Promise<HeldPlace | undefined> {
  for (const place of places) {
    const server = await listenAt(place, answer)
    if (server !== undefined)
      return { place, close: () => new Promise((resolve) => server.close(() => resolve())) }
  }
  return undefined
}

/** Nothing where the place is taken. */
function listenAt(place: NetConnectOpts, answer: string): Promise<Server | undefined> {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.end(answer)
  })
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined))
    server.listen(place, () => {
      server.removeAllListeners('error').on('error', () => {})
      // Holding a directory keeps no process alive.
      server.unref()
      resolve(server)
    })
  })
}

function holderFrom(text: string, key: string): DirectoryHolder | undefined {
  try {
    const told = JSON.parse(text)
    return told.key === key ? told : undefined
  } catch {
    return undefined
  }
}

function inUse(directory: string, holder: DirectoryHolder | undefined): FailedError {
  const { processId, command } = holder ?? {}
  const who = processId === undefined ? 'another ktool' : `process ${processId} (${command})`
  return new FailedError('directory-in-use', `${directory} is in use by ${who}`, {
    hint: 'stop it first, or use another directory',
    details: { directory, ...holder },
  })
}
