import { UsageError } from '../errors.ts'
import { serdeFormats } from '../serde/formats.ts'
import { type InputForm, type InputKind, inputKinds } from '../serde/input/input-form.ts'
import type { InputHeader } from '../serde/input/input-record.ts'
import { typedBytes } from '../serde/input/typed-bytes.ts'
import { parseSize } from '../values/sizes.ts'
import { boolean, option, string } from './flags.ts'

const format = option({
  options: serdeFormats,
  default: 'text' as const,
  helpValue: 'FORMAT',
  helpGroup: 'input',
})

/** For a command that reads records from files or stdin. */
export const inputFlags = {
  file: string({
    char: 'f',
    multiple: true,
    multipleNonGreedy: true,
    summary: 'Read this file instead of stdin, which is -; several times for several files.',
    helpValue: 'FILE',
    helpGroup: 'input',
  }),
  input: option({
    options: inputKinds,
    default: 'lines' as const,
    summary:
      'What it holds: lines, jsonl as consume prints it, csv with a header row, or raw: all of it is one value.',
    helpValue: 'KIND',
    helpGroup: 'input',
  })(),
  key: string({
    char: 'k',
    summary: 'The key of records that have none.',
    helpValue: 'KEY',
    helpGroup: 'input',
  }),
  'key-separator': string({
    char: 'K',
    summary: 'In lines: what stands between key and value.',
    helpValue: 'TEXT',
    helpGroup: 'input',
  }),
  header: string({
    char: 'H',
    multiple: true,
    multipleNonGreedy: true,
    summary: 'A header for each record; without = its value is null.',
    helpValue: 'NAME=VALUE',
    helpGroup: 'input',
  }),
  'null-value': string({
    summary: 'In lines and csv: the text of a key or a value that is null. A null value is a tombstone.',
    helpValue: 'TEXT',
    helpGroup: 'input',
  }),
  'key-format': format({ summary: `How keys are typed: ${serdeFormats.join(', ')}.` }),
  'value-format': format({ summary: 'How values are typed, in the same formats.' }),
  keep: string({
    summary: 'In jsonl and csv: keep what a record says of its partition, timestamp or both.',
    helpValue: 'partition,timestamp',
    helpGroup: 'input',
  }),
  crlf: boolean({ summary: 'Lines end with CR LF: take both away.', helpGroup: 'input' }),
  'max-line': string({
    default: '100MiB',
    summary: 'A longer line, row or file is an error, and is not read into memory.',
    helpValue: 'SIZE',
    helpGroup: 'input',
  }),
}

interface InputFlagValues {
  readonly input: InputKind
  readonly key?: string | undefined
  readonly 'key-separator'?: string | undefined
  readonly header?: readonly string[] | undefined
  readonly 'null-value'?: string | undefined
  readonly 'key-format': InputForm['keyFormat']
  readonly 'value-format': InputForm['valueFormat']
  readonly keep?: string | undefined
  readonly crlf: boolean
  readonly 'max-line': string
}

export function readInputForm(flags: InputFlagValues): InputForm {
  refuseIdle(flags)
  const kept = keptOf(flags.keep)
  const { key, 'key-format': keyFormat, 'key-separator': separator, 'null-value': nullText } = flags
  return {
    keyFormat,
    valueFormat: flags['value-format'],
    key: key === undefined ? null : typedBytes(keyFormat, Buffer.from(key)),
    keySeparator: separator === undefined ? null : Buffer.from(unescaped(separator)),
    nullText: nullText === undefined ? null : Buffer.from(nullText),
    headers: (flags.header ?? []).map(headerOf),
    keepsPartition: kept.has('partition'),
    keepsTimestamp: kept.has('timestamp'),
    hasCarriageReturns: flags.crlf,
    maxRecordBytes: parseSize(flags['max-line']),
  }
}

/** A flag that would do nothing was meant for something else. */
function refuseIdle({ input, ...flags }: InputFlagValues): void {
  const idle =
    input === 'lines'
      ? flags.keep !== undefined && 'keep'
      : flags['key-separator'] !== undefined
        ? 'key-separator'
        : (input === 'jsonl' || input === 'raw') && flags['null-value'] !== undefined && 'null-value'
  if (typeof idle !== 'string') return
  throw new UsageError('idle-flag', `--${idle} means nothing with --input ${input}`)
}

function keptOf(keep: string | undefined): ReadonlySet<string> {
  const names = (keep ?? '').split(',').filter((name) => name !== '')
  const wrong = names.find((name) => name !== 'partition' && name !== 'timestamp')
  if (wrong === undefined) return new Set(names)
  throw new UsageError('no-such-choice', `--keep ${wrong}: what can be kept is partition and timestamp`)
}

function headerOf(text: string): InputHeader {
  const end = text.indexOf('=')
  if (end === 0) throw new UsageError('no-header-name', `"${text}" has no name before the =`)
  if (end < 0) return { key: Buffer.from(text), value: null }
  return { key: Buffer.from(text.slice(0, end)), value: Buffer.from(text.slice(end + 1)) }
}

/** A tab is hard to type in a shell. */
function unescaped(separator: string): string {
  if (separator === '') throw new UsageError('no-separator', '--key-separator "" separates nothing')
  return separator.replaceAll('\\t', '\t')
}
