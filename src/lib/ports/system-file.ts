import type * as fs from 'node:fs'
import { FailedError } from '../errors.ts'
import type { AppendableFile } from './disk.ts'
import { diskError, saying } from './disk-error.ts'

/** The calls that an open file makes, so that a test can make them fail. */
export type FileCalls = Pick<
  typeof fs,
  'closeSync' | 'fdatasync' | 'fstatSync' | 'ftruncateSync' | 'read' | 'readSync' | 'writeSync'
>

interface Flush {
  sizeBytes: Promise<number>
  isStarted: boolean
}

/** An open file of the operating system. A file opened to read has the same calls, and no type to reach them. */
export class SystemFile implements AppendableFile {
  readonly path: string
  readonly #calls: FileCalls
  readonly #descriptor: number
  #endBytes: number
  #underWay = 0
  #isClosed = false
  #broken: Error | undefined
  #lastFlush: Flush | undefined

  constructor(calls: FileCalls, path: string, descriptor: number) {
    this.#calls = calls
    this.path = path
    this.#descriptor = descriptor
    this.#endBytes = calls.fstatSync(descriptor).size
  }

  sizeBytes(): number {
    return this.#run('measure', () => this.#calls.fstatSync(this.#descriptor).size)
  }

  read(into: Uint8Array, position: number): number {
    return this.#run('read', () => {
      let done = 0
      while (done < into.length) {
        const count = this.#calls.readSync(this.#descriptor, into, done, into.length - done, position + done)
        if (count === 0) break
        done += count
      }
      return done
    })
  }

  async readCold(into: Uint8Array, position: number): Promise<number> {
    return this.#whileOpen('read', async () => {
      let done = 0
      while (done < into.length) {
        const count = await this.#readOnce(into.subarray(done), position + done)
        if (count === 0) break
        done += count
      }
      return done
    })
  }

  append(bytes: Uint8Array): number {
    const start = this.#endBytes
    try {
      this.write(bytes, start)
    } catch (cause) {
      this.#takeBack(start)
      throw cause
    }
    this.#endBytes = start + bytes.length
    return start
  }

  write(bytes: Uint8Array, position: number): void {
    this.#run('write', () => {
      this.#assertSound()
      // The system may take fewer bytes than offered, and tells why only when asked for the rest.
      for (let done = 0; done < bytes.length; ) {
        done += this.#calls.writeSync(this.#descriptor, bytes, done, bytes.length - done, position + done)
      }
    })
    this.#endBytes = Math.max(this.#endBytes, position + bytes.length)
  }

  truncate(sizeBytes: number): void {
    this.#run('truncate', () => this.#calls.ftruncateSync(this.#descriptor, sizeBytes))
    this.#endBytes = sizeBytes
  }

  flush(): Promise<number> {
    const last = this.#lastFlush
    if (last !== undefined && !last.isStarted) return last.sizeBytes
    const next: Flush = { isStarted: false, sizeBytes: Promise.resolve(0) }
    next.sizeBytes = this.#flushAfter(last?.sizeBytes, next)
    this.#lastFlush = next
    return next.sizeBytes
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#release()
  }

  /** One at a time: what is asked for while a flush runs waits for it, and is one flush then. */
  async #flushAfter(before: Promise<number> | undefined, flush: Flush): Promise<number> {
    return this.#whileOpen('flush', async () => {
      await before?.catch(() => 0)
      flush.isStarted = true
      this.#assertSound()
      const sizeBytes = this.#endBytes
      await this.#flushOnce()
      return sizeBytes
    })
  }

  #flushOnce(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#calls.fdatasync(this.#descriptor, (cause) => {
        if (cause === null || cause === undefined) return resolve()
        this.#broken = cause
        reject(cause)
      })
    })
  }

  #readOnce(into: Uint8Array, position: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#calls.read(this.#descriptor, into, 0, into.length, position, (cause, count) => {
        if (cause === null) resolve(count)
        else reject(cause)
      })
    })
  }

  #takeBack(sizeBytes: number): void {
    try {
      this.#calls.ftruncateSync(this.#descriptor, sizeBytes)
      this.#endBytes = sizeBytes
    } catch (cause) {
      this.#broken = cause instanceof Error ? cause : new Error(String(cause))
    }
  }

  #assertSound(): void {
    if (this.#broken === undefined) return
    throw new FailedError('file-broken', `${this.path} failed before and is not trusted again`, {
      cause: this.#broken,
      details: { path: this.path },
    })
  }

  #assertOpen(): void {
    if (!this.#isClosed) return
    throw new FailedError('file-closed', `${this.path} is closed`, { details: { path: this.path } })
  }

  #run<T>(action: string, run: () => T): T {
    this.#assertOpen()
    return saying(action, this.path, run)
  }

  async #whileOpen<T>(action: string, run: () => Promise<T>): Promise<T> {
    this.#assertOpen()
    this.#underWay += 1
    try {
      return await run()
    } catch (cause) {
      throw diskError(cause, action, this.path)
    } finally {
      this.#underWay -= 1
      this.#release()
    }
  }

  /** The system hands a closed number to the next file opened: it must outlive every call that carries it. */
  #release(): void {
    if (this.#isClosed && this.#underWay === 0) this.#calls.closeSync(this.#descriptor)
  }
}
