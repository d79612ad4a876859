import { DataError, KtoolError } from '../../errors.ts'
import { formatSize } from '../../values/sizes.ts'
import type { InputForm } from './input-form.ts'
import type { InputFault, InputRecord, RecordReader } from './input-record.ts'
import { type Line, LineSplitter } from './line-splitter.ts'
import { typedBytes } from './typed-bytes.ts'

/** Each line is a record: a value, or a key and a value with a separator between. */
export class LineReader implements RecordReader {
  readonly #form: InputForm
  readonly #lines: LineSplitter

  constructor(form: InputForm) {
    this.#form = form
    const { maxRecordBytes: maxBytes, hasCarriageReturns } = form
    this.#lines = new LineSplitter({ maxBytes, hasCarriageReturns })
  }

  read(bytes: Buffer): (InputRecord | InputFault)[] {
    const found: (InputRecord | InputFault)[] = []
    this.#lines.read(bytes, (line, at) => found.push(this.#recordOf(line, at)))
    return found
  }

  end(): (InputRecord | InputFault)[] {
    const found: (InputRecord | InputFault)[] = []
    this.#lines.end((line, at) => found.push(this.#recordOf(line, at)))
    return found
  }

  #recordOf(line: Line, at: number): InputRecord | InputFault {
    if (line === null) return tooLong(at, this.#form.maxRecordBytes)
    return faultless(at, () => this.#parse(line, at))
  }

  #parse(line: Buffer, at: number): InputRecord {
    const { keySeparator, keyFormat, valueFormat, headers } = this.#form
    let key = this.#form.key
    let value = line
    if (keySeparator !== null) {
      const end = line.indexOf(keySeparator)
      if (end < 0) throw noKey(keySeparator)
      key = this.#typed(keyFormat, line.subarray(0, end))
      value = line.subarray(end + keySeparator.length)
    }
    const typed = this.#typed(valueFormat, value)
    return { kind: 'record', line: at, key, value: typed, headers, partition: null, timestamp: null }
  }

  #typed(format: InputForm['keyFormat'], text: Buffer): Buffer | null {
    const { nullText } = this.#form
    return nullText !== null && text.equals(nullText) ? null : typedBytes(format, text)
  }
}

/** What is wrong with one line is no reason to leave out the others. */
export function faultless(line: number, parse: () => InputRecord): InputRecord | InputFault {
  try {
    return parse()
  } catch (error) {
    if (error instanceof KtoolError) return { kind: 'fault', line, error }
    throw error
  }
}

export function tooLong(line: number, maxBytes: number): InputFault {
  const error = new DataError('line-too-long', `is longer than ${formatSize(maxBytes)}, and was not read`, {
    hint: 'say --max-line if it is meant; --input raw sends a whole file as one value',
    details: { line, maxBytes },
  })
  return { kind: 'fault', line, error }
}

function noKey(separator: Buffer): DataError {
  const shown = JSON.stringify(separator.toString('utf8'))
  return new DataError('no-key', `has no key: ${shown} is not in it`, {
    hint: 'without --key-separator a line is a value',
  })
}
