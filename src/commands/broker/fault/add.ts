import { BaseCommand } from '../../../lib/cli/base-command.ts'
import { controlFlags } from '../../../lib/cli/control-flags.ts'
import { faultFlags } from '../../../lib/cli/fault-flags.ts'
import { outputFlags } from '../../../lib/cli/flags.ts'
import { addFault } from '../../../lib/local/control/controlled.ts'
import { faultShape } from '../../../lib/local/control/fault-shape.ts'
import { faultOf } from '../../../lib/local/control/fault-words.ts'
import { item, type Result } from '../../../lib/output/result.ts'

export class BrokerFaultAdd extends BaseCommand {
  static override summary = 'Have the local broker fail, to see what clients make of it.'

  static override description = [
    'The rule stands until it is cleared or the broker stops. A flag that says which requests it concerns may be repeated,',
    'and means any of its values; several flags mean all of them. Of a request for several topics or partitions those',
    'that are named fail, and the others are done. Several rules may strike a request: latencies add up.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> broker fault add --api Produce --topic orders --error NOT_LEADER_OR_FOLLOWER --times 3',
    {
      description: 'The write happens, and its producer is cut off before it hears of it',
      command: '<%= config.bin %> broker fault add --api Produce --disconnect --after --times 1',
    },
    {
      description: 'Every tenth answer or so half a second late, the same ones in every run',
      command: '<%= config.bin %> broker fault add --latency 500ms --probability 10% --seed 7',
    },
    {
      description: 'A coordinator that is loading, for one group, for ten seconds',
      command:
        '<%= config.bin %> broker fault add --group billing --error COORDINATOR_LOAD_IN_PROGRESS --for 10s',
    },
  ]

  static override flags = { ...faultFlags, ...controlFlags, ...outputFlags(faultShape) }

  async run(): Promise<Result> {
    const { flags } = await this.parse(BrokerFaultAdd)
    const world = { ...this.surroundings, ...(await this.surroundings.world()) }
    const fault = await addFault(flags['data-dir'], faultOf(flags), world)
    return item(faultShape, fault, { notes: [`ktool broker fault clear ${fault.id} takes it away`] })
  }
}
