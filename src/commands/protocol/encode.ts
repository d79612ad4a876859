import { BaseCommand } from '../../lib/cli/base-command.ts'
import { option } from '../../lib/cli/flags.ts'
import { layoutFlags } from '../../lib/cli/layout-flags.ts'
import { readInput } from '../../lib/cli/read-input.ts'
import { jsonLines, type Result, raw } from '../../lib/output/result.ts'
import { answerLines } from '../../lib/protocol/line-stream.ts'
import { encodeDocument, parseDocument, requestNameOf } from '../../lib/protocol/wire-json.ts'
import { encodeLine } from '../../lib/protocol/wire-lines.ts'
import { namedSubject } from '../../lib/protocol/wire-subject.ts'

export class ProtocolEncode extends BaseCommand {
  static override summary = "Write a message of Kafka's protocol as bytes."

  static override usage = [
    'protocol encode --api NAME --version N --type request|response [--header] [--output-bytes hex|binary]',
    'protocol encode --header [--output-bytes hex|binary]',
    'protocol encode --record NAME --version N [--output-bytes hex|binary]',
    'protocol encode --lines',
  ]

  static override description = [
    'Reads one message as JSON from stdin and prints its bytes: what `ktool protocol decode` prints, it takes back.',
    'Every field of the version must be there, but tagged ones, which are left out at their default; a field that the',
    'version does not have is an error. With --header the JSON is an object of header and body.',
    '\n\nWith --lines each line of stdin is a JSON object that names its layout, by api, type and version, by header',
    'and version, or by record and version, and has the message as json, perhaps with unknownTags; it is printed again',
    'with hex added.',
  ].join(' ')

  static override examples = [
    {
      description: 'A request that asks for one topic',
      command: `echo '{"topics":[{"name":"orders"}],"allowAutoTopicCreation":false}' | <%= config.bin %> protocol encode --api Metadata --version 4 --type request`,
    },
    {
      description: 'There and back',
      command:
        'echo 0003 | <%= config.bin %> protocol decode --api Heartbeat --version 0 --type response | <%= config.bin %> protocol encode --api Heartbeat --version 0 --type response',
    },
  ]

  static override flags = {
    ...layoutFlags,
    'output-bytes': option({
      options: ['hex', 'binary'] as const,
      default: 'hex' as const,
      summary: 'What to print: a line of hex digits, or the bytes themselves.',
      exclusive: ['lines'],
    })(),
  }

  async run(): Promise<Result> {
    const { flags } = await this.parse(ProtocolEncode)
    if (flags.lines) return jsonLines(answerLines(this.surroundings.stdin.chunks(), encodeLine))
    const document = parseDocument(await readInput(this.surroundings, 'the message as JSON'))
    const subject = namedSubject(flags, () => requestNameOf(document))
    const bytes = encodeDocument(subject, document)
    return raw(flags['output-bytes'] === 'binary' ? bytes : `${bytes.toString('hex')}\n`)
  }
}
