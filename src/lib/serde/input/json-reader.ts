import { isUtf8 } from 'node:buffer'
import { DataError } from '../../errors.ts'
import { parseJson } from '../json-text.ts'
import type { InputForm } from './input-form.ts'
import type { InputFault, InputRecord, RecordReader } from './input-record.ts'
import { faultless, tooLong } from './line-reader.ts'
import { type Line, LineSplitter } from './line-splitter.ts'
import { bytesOf, headersOf, placeOf, type RecordObject, refuseUnknown } from './record-fields.ts'
import { shortened } from './typed-bytes.ts'

/** Each line is a record in the shape in which `consume -o jsonl` prints it. */
export class JsonReader implements RecordReader {
  readonly #form: InputForm
  readonly #lines: LineSplitter

  constructor(form: InputForm) {
    this.#form = form
    this.#lines = new LineSplitter({ maxBytes: form.maxRecordBytes, hasCarriageReturns: true })
  }

  read(bytes: Buffer): (InputRecord | InputFault)[] {
    const found: (InputRecord | InputFault)[] = []
    this.#lines.read(bytes, (line, at) => {
      const each = this.#recordOf(line, at)
      if (each !== undefined) found.push(each)
    })
    return found
  }

  end(): (InputRecord | InputFault)[] {
    const found: (InputRecord | InputFault)[] = []
    this.#lines.end((line, at) => {
      const each = this.#recordOf(line, at)
      if (each !== undefined) found.push(each)
    })
    return found
  }

  #recordOf(line: Line, at: number): InputRecord | InputFault | undefined {
    if (line === null) return tooLong(at, this.#form.maxRecordBytes)
    return isBlank(line) ? undefined : faultless(at, () => this.#parse(textOf(line), at))
  }

  #parse(text: string, line: number): InputRecord {
    const object = parseJson(text)
    if (object === undefined || object === null || typeof object !== 'object' || Array.isArray(object)) {
      throw new DataError('no-record', `${shortened(text)} is no JSON object`)
    }
    refuseOthers(object)
    const { keyFormat, valueFormat, headers } = this.#form
    const own = headersOf(object)
    const key = bytesOf(object, 'key', keyFormat)
    return {
      kind: 'record',
      line,
      key: key === undefined ? this.#form.key : key,
      value: bytesOf(object, 'value', valueFormat) ?? null,
      headers: headers.length === 0 ? own : [...own, ...headers],
      ...placeOf(object, this.#form),
    }
  }
}

function isBlank(line: Buffer): boolean {
  return line.length === 0 || (line.length < 80 && line.toString('latin1').trim() === '')
}

function textOf(line: Buffer): string {
  if (isUtf8(line)) return line.toString('utf8')
  throw new DataError('no-record', 'is no UTF-8, as JSON has to be', {
    hint: 'what is no text goes to keyBase64 and valueBase64',
  })
}

/** What a dump prints beside the records that producers have written. */
function refuseOthers(object: RecordObject): void {
  const { kind, controlType } = object
  if ((kind !== undefined && kind !== 'record') || controlType !== undefined) {
    throw new DataError('no-record', 'is a batch or a control record, which only brokers write')
  }
  refuseUnknown(Object.keys(object), 'the field')
  if (object.value !== undefined || object.valueBase64 !== undefined) return
  throw new DataError('no-value', 'has no value', { hint: 'a tombstone says so: "value": null' })
}
