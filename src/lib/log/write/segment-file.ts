import { KtoolError } from '../../errors.ts'
import type { AppendableFile, ReadableFile } from '../../ports/disk.ts'
import { flushFile } from './flush-file.ts'
import type { LogRoom } from './log-room.ts'
import type { LogSettings } from './partition-log.ts'

/** The `.log` of a segment: batches up to its end, and behind it nothing that counts. */
export class SegmentFile {
  /** As it is to be read: whoever was given it reads on when the file is closed for writing, or has another name. */
  readonly readable: ReadableFile
  #path: string
  readonly #room: LogRoom
  #sizeBytes: number
  #file: AppendableFile | undefined
  #preallocatedBytes = 0
  #isLeft = false
  /** Bytes that were not to be there may lie behind the end. */
  #hasTail = false

  constructor(room: LogRoom, path: string, sizeBytes: number) {
    this.#room = room
    this.#path = path
    this.#sizeBytes = sizeBytes
    this.readable = this.#follower()
  }

  get path(): string {
    return this.#path
  }

  get sizeBytes(): number {
    return this.#sizeBytes
  }

  /** For writing. */
  get isOpen(): boolean {
    return this.#file !== undefined
  }

  /** Nothing is at its path any more. */
  get isLeft(): boolean {
    return this.#isLeft
  }

  open({ preallocate, segmentBytes }: LogSettings): AppendableFile {
    const file = this.#room.disk.openToAppend(this.path)
    this.#file = file
    // Another copy of the same file in the pool would go on being read after this one is closed.
    this.#room.files.file(this.path).close()
    if (preallocate && this.#preallocatedBytes === 0) {
      this.#preallocatedBytes = Math.max(segmentBytes, this.#sizeBytes)
      file.truncate(this.#preallocatedBytes)
    }
    return file
  }

  /** Adds the bytes at the end, or throws and adds nothing. */
  append(bytes: Buffer, settings: LogSettings): void {
    const file = this.#file ?? this.open(settings)
    if (this.#hasTail) this.#cutTail(file)
    try {
      file.write(bytes, this.#sizeBytes)
    } catch (cause) {
      this.#hasTail = true
      this.#cutTailIfPossible(file)
      throw cause
    }
    this.#sizeBytes += bytes.length
  }

  /** Leaves nothing behind the end. */
  trim(): void {
    if (!this.#hasTail && this.#preallocatedBytes <= this.#sizeBytes) return
    const file = this.#file ?? this.#room.disk.openToAppend(this.path)
    file.truncate(this.#sizeBytes)
    if (file !== this.#file) file.close()
    this.#preallocatedBytes = 0
    this.#hasTail = false
  }

  /** Gives it back; the next append opens it again. */
  release(): void {
    this.#file?.close()
    this.#file = undefined
  }

  /** Nobody has it open. */
  letGo(): void {
    this.release()
    this.#room.files.file(this.#path).close()
  }

  /** It gets another name, or is gone. */
  leave(): void {
    this.#isLeft = true
    this.letGo()
  }

  /** Whoever is reading it goes on reading under its new name. */
  moveTo(path: string): void {
    this.letGo()
    if (this.#room.disk.stat(this.#path) !== undefined) this.#room.disk.rename(this.#path, path)
    this.#path = path
    // What stood there before may be open still.
    this.#room.files.file(path).close()
  }

  /** Its folder has another name: whoever is reading it goes on. */
  relocate(path: string): void {
    this.letGo()
    this.#path = path
  }

  /** One that goes meanwhile must not be made anew by being opened. */
  async flush(): Promise<void> {
    const { disk } = this.#room
    if (this.#isLeft) return
    if (this.#file === undefined) await flushFile(disk, this.path)
    else if (disk.stat(this.path) !== undefined) await this.#file.flush()
  }

  #follower(): ReadableFile {
    const path = () => this.#path
    const now = () => this.#file ?? this.#room.files.file(path())
    return {
      get path() {
        return path()
      },
      sizeBytes: () => now().sizeBytes(),
      read: (into, position) => now().read(into, position),
      readCold: (into, position) => now().readCold(into, position),
      close: () => {},
    }
  }

  #cutTail(file: AppendableFile): void {
    file.truncate(this.#sizeBytes)
    if (this.#preallocatedBytes > 0) file.truncate(this.#preallocatedBytes)
    this.#hasTail = false
  }

  /** Else it is done before anything is written behind it: what has failed is told by whoever calls. */
  #cutTailIfPossible(file: AppendableFile): void {
    try {
      this.#cutTail(file)
    } catch (cause) {
      if (!(cause instanceof KtoolError)) throw cause
    }
  }
}
