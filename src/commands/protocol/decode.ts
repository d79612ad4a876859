import { BaseCommand } from '../../lib/cli/base-command.ts'
import { boolean, option, outputFlags } from '../../lib/cli/flags.ts'
import { layoutFlags, refuseUnlessJson } from '../../lib/cli/layout-flags.ts'
import { readInput } from '../../lib/cli/read-input.ts'
import { document, jsonLines, list, type Result } from '../../lib/output/result.ts'
import { column, type Shape } from '../../lib/output/shape.ts'
import { decodeHex } from '../../lib/protocol/hex.ts'
import { answerLines } from '../../lib/protocol/line-stream.ts'
import { decodeWire, documentOf } from '../../lib/protocol/wire-json.ts'
import { decodeLine } from '../../lib/protocol/wire-lines.ts'
import { namedSubject, requestNameIn } from '../../lib/protocol/wire-subject.ts'
import { type TracedRange, traceWire } from '../../lib/protocol/wire-trace.ts'

const traceShape: Shape<TracedRange> = {
  version: 1,
  columns: [
    column('start', { kind: 'number' }),
    column('end', { kind: 'number' }),
    column('hex', { header: 'BYTES' }),
    column('field'),
    column('type'),
    column('meaning'),
  ],
}

export class ProtocolDecode extends BaseCommand {
  static override summary = "Show a message of Kafka's protocol as JSON, or byte by byte."

  static override usage = [
    'protocol decode --api NAME --version N --type request|response [--header] [--trace]',
    'protocol decode --header [--trace]',
    'protocol decode --record NAME --version N [--trace]',
    'protocol decode --lines',
  ]

  static override description = [
    "Reads the bytes of one message from stdin and prints it in the JSON that Kafka's own tools use: every field of",
    'that version, int64 beyond ±(2^53−1) as text, bytes as base64. Tagged fields that nobody knows are kept in',
    'unknownTags, bytes after the end of the message in trailingBytes; `ktool protocol encode` writes all of it back.',
    'The bytes have no length prefix. A request with its header in front says by itself what it is.',
    '\n\nWith --lines each line of stdin is a JSON object that names its layout, by api, type and version, by header',
    'and version, or by record and version, and has the bytes as hex; it is printed again with json added. A line that',
    'cannot be decoded is printed with error instead, the others go on, and the exit code is 1.',
  ].join(' ')

  static override examples = [
    {
      description: 'A response that a client could not read',
      command: '<%= config.bin %> protocol decode --api Metadata --version 12 --type response < response.hex',
    },
    {
      description: 'Which bytes of a request are which field',
      command:
        'echo 0003000400000001000474657374ffffffff01 | <%= config.bin %> protocol decode --header --trace',
    },
    {
      description: 'A committed offset, as it lies in __consumer_offsets behind its version',
      command:
        '<%= config.bin %> protocol decode --record OffsetCommitValue --version 3 --input binary < value.bin',
    },
  ]

  static override flags = {
    ...layoutFlags,
    input: option({
      options: ['hex', 'binary'] as const,
      default: 'hex' as const,
      summary: 'What stdin holds; white space between hex digits does not matter.',
      exclusive: ['lines'],
    })(),
    trace: boolean({
      summary: 'Print each range of bytes with its field; -o says how.',
      exclusive: ['lines'],
    }),
    ...outputFlags(traceShape),
  }

  async run(): Promise<Result> {
    const { flags } = await this.parse(ProtocolDecode)
    if (!flags.trace) refuseUnlessJson(flags.output)
    if (flags.lines) return jsonLines(answerLines(this.surroundings.stdin.chunks(), decodeLine))
    const input = await readInput(this.surroundings, flags.input === 'hex' ? 'hex digits' : 'bytes')
    const bytes = flags.input === 'hex' ? decodeHex(input.toString('latin1')) : input
    const subject = namedSubject(flags, () => requestNameIn(bytes))
    if (!flags.trace) return document(documentOf(decodeWire(subject, bytes)))
    const { ranges, failures } = traceWire(subject, bytes)
    return list(traceShape, ranges, { failures })
  }
}
