import { type Server, Socket } from 'node:net'
import type { Receiver } from '../ports/network.ts'

/** What Node does not document, and what `net` itself is made of. */
interface Handle {
  useUserBuffer?: unknown
}

interface Accepted {
  _handle?: Handle | null
}

interface Counting {
  _connections?: number
}

/**
 * Node offers `onread` to sockets that connect, not to those that are accepted. An accepted socket that has read
 * nothing yet hands its handle to a new one, which reads into the receiver's own rooms: half the cost of a read.
 * Nothing where this Node has no such handles.
 */
export function adoptHandle(server: Server, accepted: Socket, receiver: Receiver): Socket | undefined {
  const inside = accepted as unknown as Accepted
  const counting = server as unknown as Counting
  const handle = inside._handle
  if (typeof handle?.useUserBuffer !== 'function' || typeof counting._connections !== 'number')
    return undefined
  inside._handle = null
  // Else the server waits for ever for the socket that it handed out.
  counting._connections -= 1
  return new Socket({
    handle,
    onread: {
      buffer: () => receiver.room(),
      callback: (count: number) => {
        receiver.received(count)
        return true
      },
    },
  } as ConstructorParameters<typeof Socket>[0])
}
