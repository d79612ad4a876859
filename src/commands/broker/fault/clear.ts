import { argumentList } from '../../../lib/cli/arguments.ts'
import { BaseCommand } from '../../../lib/cli/base-command.ts'
import { controlFlags } from '../../../lib/cli/control-flags.ts'
import { outputFlags } from '../../../lib/cli/flags.ts'
import { clearFaults } from '../../../lib/local/control/controlled.ts'
import { faultShape } from '../../../lib/local/control/fault-shape.ts'
import { list, type Result } from '../../../lib/output/result.ts'

export class BrokerFaultClear extends BaseCommand {
  static override summary = 'Take away rules by which the local broker fails: those of these ids, or all.'

  static override description =
    'What was taken away is printed with its counts. An answer that is late already stays so.'

  static override examples = [
    '<%= config.bin %> broker fault clear',
    '<%= config.bin %> broker fault clear 2 3',
  ]

  static override args = { ids: argumentList({ description: 'ids of rules; all if none is named' }) }

  static override flags = { ...controlFlags, ...outputFlags(faultShape) }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(BrokerFaultClear)
    const world = { ...this.surroundings, ...(await this.surroundings.world()) }
    const { rows, failures } = await clearFaults(flags['data-dir'], args.ids ?? [], world)
    return list(faultShape, rows, { failures })
  }
}
