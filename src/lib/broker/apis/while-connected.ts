import { type ConnectionFacts, closeConnection, type Reply } from './handler.ts'

/**
 * What a coordinator answers when it can. It goes on without a client that has left, and a broker that stops does not
 * wait for it.
 */
export function whileConnected<A, S>(
  connection: ConnectionFacts,
  ask: (send: (answer: A) => void) => A | null,
  respond: (answer: A) => S,
): Promise<Reply<S>> {
  return new Promise((resolve) => {
    const leave = () => resolve(closeConnection)
    const send = (answer: A) => {
      connection.gone.removeEventListener('abort', leave)
      resolve(respond(answer))
    }
    connection.gone.addEventListener('abort', leave)
    const atOnce = ask(send)
    if (atOnce !== null) send(atOnce)
  })
}
