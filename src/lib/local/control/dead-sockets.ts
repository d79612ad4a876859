import { dirname, join } from 'node:path'
import { ConnectionError, KtoolError } from '../../errors.ts'
import { connectToFile } from '../../network/file-socket.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Disk } from '../../ports/disk.ts'
import type { LogSink } from '../../ports/log-sink.ts'
import type { Receiver } from '../../ports/network.ts'
import { isControlSocket } from './control-files.ts'

/** A socket file is there a moment before anybody listens at it. */
const YOUNG_MS = 60_000

export interface DeadSocketFacts {
  readonly disk: Disk
  readonly clock: Pick<Clock, 'nowMs'>
  readonly log: LogSink
}

/**
 * Removes the socket files of brokers that were killed and on whose directories nobody starts any more: of the files
 * beside our own those that belong to the same user, and at which nobody listens.
 */
export async function removeDeadSockets(own: string, facts: DeadSocketFacts): Promise<void> {
  const { disk, log } = facts
  for (const path of candidates(own, facts)) {
    try {
      if (await isAlive(path)) continue
      disk.remove(path)
      log.log('debug', 'removed a socket that a broker left behind', { path })
    } catch (cause) {
      // Whoever else starts now removes them too.
      if (!(cause instanceof KtoolError)) throw cause
    }
  }
}

function candidates(own: string, { disk, clock }: DeadSocketFacts): string[] {
  const folder = dirname(own)
  const userId = disk.stat(own)?.identity?.userId
  const before = clock.nowMs() - YOUNG_MS
  return disk
    .list(folder)
    .filter(({ name, kind }) => kind === 'other' && isControlSocket(name))
    .map(({ name }) => join(folder, name))
    .filter((path) => {
      const stat = path === own ? undefined : disk.stat(path)
      return stat !== undefined && stat.identity?.userId === userId && stat.modifiedMs < before
    })
}

/** Nothing that it says is read. */
const deaf: Receiver = { room: () => Buffer.alloc(1), received() {}, drained() {}, closed() {} }

async function isAlive(path: string): Promise<boolean> {
  try {
    const link = await connectToFile(path, deaf, {})
    link.destroy()
    return true
  } catch (cause) {
    if (!(cause instanceof ConnectionError)) throw cause
    return cause.code !== 'connection-refused'
  }
}
