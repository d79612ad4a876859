import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { BugError } from '../errors.ts'
import type { Thread, ThreadPort } from './threads.ts'

/** What a thread's file finds in its `workerData`. */
export interface ThreadOrders {
  readonly work: string
  readonly port: MessagePort
}

/** Starts a thread that runs this file. The arguments are the program's, for whatever looks at them. */
export function startThread(file: string, argv: readonly string[], work: string): Thread | undefined {
  const { port1, port2 } = new MessageChannel()
  const workerData: ThreadOrders = { work, port: port2 }
  try {
    return new SystemThread(new Worker(file, { argv: [...argv], workerData, transferList: [port2] }), port1)
  } catch {
    port1.close()
    return undefined
  }
}

/** The end of the channel that a thread was given. */
export function threadPort(port: MessagePort): ThreadPort {
  return {
    send: (message) => port.postMessage(message),
    onMessage: (take) => void port.on('message', take),
  }
}

class SystemThread implements Thread {
  readonly #worker: Worker
  readonly #port: MessagePort
  readonly #came: unknown[] = []
  #failure: Error | undefined
  #wake: (() => void) | undefined

  constructor(worker: Worker, port: MessagePort) {
    this.#worker = worker
    this.#port = port
    port.on('message', (message) => {
      this.#came.push(message)
      this.#wake?.()
    })
    worker.on('error', (cause) => this.#fail(cause))
    worker.on('exit', () => this.#fail(undefined))
  }

  send(message: unknown): void {
    this.#port.postMessage(message)
  }

  poll(): unknown {
    return this.#came.shift() ?? receiveMessageOnPort(this.#port)?.message
  }

  async receive(): Promise<unknown> {
    while (true) {
      const message = this.poll()
      if (message !== undefined) return message
      if (this.#failure !== undefined) throw this.#failure
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  stop(): void {
    this.#port.close()
    void this.#worker.terminate()
  }

  #fail(cause: unknown): void {
    this.#failure ??= new BugError('thread-ended', 'the second thread has ended', { cause })
    this.#wake?.()
  }
}
