import { moduleStarter } from '../../bytes/module-starter.ts'
import { moduleText } from './kernels/module.ts'
import { recordLine } from './kernels/record-line.ts'
import { recordLines } from './kernels/record-lines.ts'
import { FORM_INTS } from './kernels/record-parts.ts'
import { RUN_INTS } from './kernels/run.ts'
import { valueLines } from './kernels/value-lines.ts'
import type { LineParts } from './line-parts.ts'

/** Numbers as the kernel takes them: `high` × 10⁹ + `low`, with the complement of `high` for negative ones. */
export interface LineNumbers {
  offsetHigh: number
  offsetLow: number
  timestampHigh: number
  timestampLow: number
  sequence: number
}

/** Where a record's key and value lie in the bytes that were loaded. */
export interface LineFields {
  readonly keyStart: number
  readonly keyLength: number
  readonly valueStart: number
  readonly valueLength: number
}

/** Runs the kernel that writes records as lines. */
export interface LineEngine {
  /** What it writes to; the same for its whole life. */
  readonly target: Buffer
  /** How many bytes may be loaded at once. */
  readonly windowBytes: number
  setParts(parts: LineParts): void
  /** Brings these bytes within reach. What was loaded before no longer is. */
  load(bytes: Buffer, from: number, end: number): void
  /** Of the batch that `writeRun` goes through; by their names in kernels/run.ts. */
  readonly run: Int32Array
  /** Writes lines from `to` on, up to the end of the target, and returns their end. */
  writeRun(to: number): number
  /** Writes the values of the run from `to` on, a line feed behind each, and returns their end. */
  writeValues(to: number): number
  /** Writes a line at `to`, where there is room for it; without `isWhole` up to the value. Returns its end. */
  write(fields: LineFields, numbers: LineNumbers, isWhole: boolean, to: number): number
}

/** Kernels copy in steps of 16 bytes. */
const SLACK = 64
const PAGE = 65536

/** What else a line has beside its parts: digits, quotes, the padding of base64. */
const NUMBER_BYTES = 128

export const WINDOW_BYTES = 1024 * 1024
export const PARTS_BYTES = 8192
/** Has room for the longest line, each byte of which may become six, behind what is waiting to be taken. */
export const TARGET_BYTES = 8 * WINDOW_BYTES

const FORM = 1024
const RUN = FORM + FORM_INTS * 4 + SLACK
const PARTS = RUN + RUN_INTS * 4 + SLACK
const SOURCE = PARTS + PARTS_BYTES + SLACK
const TARGET = SOURCE + WINDOW_BYTES + SLACK
const MEMORY_BYTES = TARGET + TARGET_BYTES + SLACK

interface Kernel {
  memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  recordLines(
    form: number,
    parts: number,
    lineBytes: number,
    run: number,
    source: number,
    target: number,
    to: number,
    limit: number,
  ): number
  valueLines(run: number, source: number, target: number, to: number, limit: number): number
  recordLine(
    form: number,
    parts: number,
    source: number,
    keyStart: number,
    keyLength: number,
    valueStart: number,
    valueLength: number,
    offsetHigh: number,
    offsetLow: number,
    timestampHigh: number,
    timestampLow: number,
    sequence: number,
    isWhole: number,
    target: number,
    to: number,
  ): number
}

/** The fastest engine that there is here. */
export function startLineEngine(startKernel = kernelStarter()): LineEngine {
  const kernel = startKernel()
  return kernel === undefined ? new ScriptLineEngine() : new ModuleLineEngine(kernel)
}

const kernelStarter = () => moduleStarter<Kernel>(moduleText)

/** The kernel as WebAssembly, on a copy of the bytes in its memory. */
export class ModuleLineEngine implements LineEngine {
  readonly windowBytes = WINDOW_BYTES
  readonly target: Buffer
  readonly run: Int32Array
  readonly #kernel: Kernel
  readonly #memory: Buffer
  #source = 0
  #lineBytes = 0

  constructor(kernel: Kernel) {
    const { memory } = kernel
    memory.grow(Math.ceil((MEMORY_BYTES - memory.buffer.byteLength) / PAGE))
    this.#kernel = kernel
    this.#memory = Buffer.from(memory.buffer)
    this.target = this.#memory.subarray(TARGET, TARGET + TARGET_BYTES)
    this.run = new Int32Array(memory.buffer, RUN, RUN_INTS)
  }

  setParts({ form, bytes }: LineParts): void {
    new Int32Array(this.#memory.buffer, FORM, FORM_INTS).set(form)
    this.#memory.set(bytes, PARTS)
    this.#lineBytes = bytes.length + NUMBER_BYTES
  }

  load(bytes: Buffer, from: number, end: number): void {
    this.#memory.set(bytes.subarray(from, end), SOURCE)
    // Positions stay those of the caller: addresses wrap around at 32 bits.
    this.#source = SOURCE - from
  }

  write(fields: LineFields, numbers: LineNumbers, isWhole: boolean, to: number): number {
    return this.#kernel.recordLine(
      FORM,
      PARTS,
      this.#source,
      fields.keyStart,
      fields.keyLength,
      fields.valueStart,
      fields.valueLength,
      numbers.offsetHigh,
      numbers.offsetLow,
      numbers.timestampHigh,
      numbers.timestampLow,
      numbers.sequence,
      isWhole ? 1 : 0,
      TARGET,
      to,
    )
  }

  writeRun(to: number): number {
    return this.#kernel.recordLines(FORM, PARTS, this.#lineBytes, RUN, this.#source, TARGET, to, TARGET_BYTES)
  }

  writeValues(to: number): number {
    return this.#kernel.valueLines(RUN, this.#source, TARGET, to, TARGET_BYTES)
  }
}

/** The kernel as TypeScript, on the caller's own bytes. */
export class ScriptLineEngine implements LineEngine {
  readonly windowBytes = WINDOW_BYTES
  readonly target = Buffer.allocUnsafeSlow(TARGET_BYTES)
  readonly run = new Int32Array(RUN_INTS)
  #parts: LineParts = { form: new Int32Array(FORM_INTS), bytes: Buffer.alloc(0) }
  #source: Buffer = Buffer.alloc(0)

  setParts(parts: LineParts): void {
    this.#parts = parts
  }

  load(bytes: Buffer): void {
    this.#source = bytes
  }

  write(fields: LineFields, numbers: LineNumbers, isWhole: boolean, to: number): number {
    return recordLine(
      this.#parts.form,
      this.#parts.bytes,
      this.#source,
      fields.keyStart,
      fields.keyLength,
      fields.valueStart,
      fields.valueLength,
      numbers.offsetHigh,
      numbers.offsetLow,
      numbers.timestampHigh,
      numbers.timestampLow,
      numbers.sequence,
      isWhole ? 1 : 0,
      this.target,
      to,
    )
  }

  writeRun(to: number): number {
    const { form, bytes } = this.#parts
    const lineBytes = bytes.length + NUMBER_BYTES
    return recordLines(form, bytes, lineBytes, this.run, this.#source, this.target, to, this.target.length)
  }

  writeValues(to: number): number {
    return valueLines(this.run, this.#source, this.target, to, this.target.length)
  }
}
