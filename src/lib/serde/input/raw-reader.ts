import type { InputForm } from './input-form.ts'
import type { InputFault, InputRecord, RecordReader } from './input-record.ts'
import { faultless, tooLong } from './line-reader.ts'
import { typedBytes } from './typed-bytes.ts'

/** All of an input is one value. */
export class RawReader implements RecordReader {
  readonly #form: InputForm
  #parts: Buffer[] = []
  #sizeBytes = 0

  constructor(form: InputForm) {
    this.#form = form
  }

  read(bytes: Buffer): readonly InputRecord[] {
    this.#sizeBytes += bytes.length
    if (this.#sizeBytes > this.#form.maxRecordBytes) this.#parts = []
    else this.#parts.push(Buffer.from(bytes))
    return []
  }

  end(): (InputRecord | InputFault)[] {
    const { maxRecordBytes, key, headers, valueFormat } = this.#form
    if (this.#sizeBytes > maxRecordBytes) return [tooLong(1, maxRecordBytes)]
    const found = faultless(1, () => {
      const value = typedBytes(valueFormat, Buffer.concat(this.#parts))
      return { kind: 'record', line: 1, key, value, headers, partition: null, timestamp: null }
    })
    return [found]
  }
}
