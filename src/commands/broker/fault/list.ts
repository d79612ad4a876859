import { BaseCommand } from '../../../lib/cli/base-command.ts'
import { controlFlags } from '../../../lib/cli/control-flags.ts'
import { outputFlags } from '../../../lib/cli/flags.ts'
import { listFaults } from '../../../lib/local/control/controlled.ts'
import { faultShape } from '../../../lib/local/control/fault-shape.ts'
import { list, type Result } from '../../../lib/output/result.ts'

export class BrokerFaultList extends BaseCommand {
  static override summary = 'List the rules by which the local broker fails.'

  static override description =
    'MATCHED is how many requests a rule concerned while it was active, APPLIED how many of them it struck.'

  static override examples = ['<%= config.bin %> broker fault list']

  static override flags = { ...controlFlags, ...outputFlags(faultShape) }

  async run(): Promise<Result> {
    const { flags } = await this.parse(BrokerFaultList)
    const world = { ...this.surroundings, ...(await this.surroundings.world()) }
    return list(faultShape, await listFaults(flags['data-dir'], world))
  }
}
