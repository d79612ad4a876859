import { CsvReader } from './csv-reader.ts'
import type { InputForm, InputKind } from './input-form.ts'
import type { RecordReader } from './input-record.ts'
import { JsonReader } from './json-reader.ts'
import { LineReader } from './line-reader.ts'
import { RawReader } from './raw-reader.ts'

/** For one input: a file, or stdin. */
export function openReader(kind: InputKind, form: InputForm): RecordReader {
  switch (kind) {
    case 'lines':
      return new LineReader(form)
    case 'jsonl':
      return new JsonReader(form)
    case 'csv':
      return new CsvReader(form)
    case 'raw':
      return new RawReader(form)
  }
}
