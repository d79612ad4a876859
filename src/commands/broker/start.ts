import { BaseCommand } from '../../lib/cli/base-command.ts'
import { localBrokerFlags } from '../../lib/cli/broker-flags.ts'
import { outputFlags } from '../../lib/cli/flags.ts'
import { backgroundRow, backgroundShape } from '../../lib/local/local-shape.ts'
import { startBackground } from '../../lib/local/start-background.ts'
import { item, type Result } from '../../lib/output/result.ts'

export class BrokerStart extends BaseCommand {
  static override summary = 'Start the local broker in the background, and return once it serves.'

  static override description = [
    'It runs until `ktool broker stop`. Its address is kept as the context `local`, so that commands find it without',
    'being told where it is. One that runs on that directory already is left as it is, whatever the other flags say;',
    'that it does not listen at `--port` is an error.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> broker start',
    '<%= config.bin %> broker start --port 0 --ephemeral --topic orders:3 -o name',
  ]

  static override flags = { ...localBrokerFlags, ...outputFlags(backgroundShape) }

  async run(): Promise<Result> {
    const { flags } = await this.parse(BrokerStart)
    const stop = this.surroundings.stop.take()
    const world = { ...this.surroundings, ...(await this.surroundings.world()), stop }
    const { record, isOld, files } = await startBackground(flags, world)
    const note = isOld ? 'it runs already' : 'ktool broker stop ends it, ktool broker logs shows what it says'
    return item(backgroundShape, backgroundRow({ state: 'running', record }, files.log), { notes: [note] })
  }
}
