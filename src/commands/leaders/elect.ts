import { electChange, electionKinds } from '../../lib/changes/leaders/elect-change.ts'
import { argumentList } from '../../lib/cli/arguments.ts'
import { changeShape } from '../../lib/cli/change-shape.ts'
import { ChangingCommand } from '../../lib/cli/changing-command.ts'
import { boolean, changeFlags, clusterFlags, outputFlags, string } from '../../lib/cli/flags.ts'
import { PickedPartitions } from '../../lib/cli/partition-words.ts'
import { readTextOf } from '../../lib/cli/read-file.ts'
import { UsageError } from '../../lib/errors.ts'
import type { ElectionType } from '../../lib/model/leaders.ts'
import { newPlan, type Planned, type PlanOrigin } from '../../lib/model/plan.ts'
import { planElection } from '../../lib/operations/election-steps.ts'
import { parseElection } from '../../lib/operations/reassign-json.ts'
import type { Result } from '../../lib/output/result.ts'
import { openCluster } from '../../lib/places/open-cluster.ts'

export class LeadersElect extends ChangingCommand {
  static override summary = 'Elect leaders: the preferred ones, or whoever is left.'

  static override description = [
    'With --preferred the first replica of each partition leads again, which loses nothing: it has to be in sync. With',
    '--unclean a partition without a leader gets one of its replicas that live, though it was not in sync: records that',
    'it does not have are lost for good, so that this is confirmed by name. A partition that is led as it should be is left',
    'alone, and told as unchanged. Afterwards the brokers are asked who leads now, until they say so: that is the result.',
  ].join(' ')

  static override examples = [
    {
      description: 'After a broker has come back',
      command: '<%= config.bin %> leaders elect --preferred --all -b kafka1:9092',
    },
    {
      description: 'One topic, and some partitions of another, in a script',
      command: '<%= config.bin %> leaders elect --preferred orders payments:0,2-5 --yes -b kafka1:9092',
    },
    {
      description: 'The brokers that were in sync are gone for good: go on with what there is',
      command: '<%= config.bin %> leaders elect --unclean orders:3 --confirm orders:3 -b kafka1:9092',
    },
  ]

  static override args = {
    partitions: argumentList({ description: 'topics, or partitions of them: orders, payments:0,2-5' }),
  }

  static override flags = {
    preferred: boolean({ summary: 'The first replica of each partition.', exclusive: ['unclean'] }),
    unclean: boolean({ summary: 'A replica that was not in sync, where no other lives. Records are lost.' }),
    all: boolean({ summary: 'Every partition of the cluster that needs it.', exclusive: ['file'] }),
    file: string({
      summary: "The partitions of a file of kafka-leader-election's; - is stdin.",
      helpValue: 'FILE',
    }),
    ...clusterFlags,
    ...changeFlags,
    ...outputFlags(changeShape),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(LeadersElect)
    const type = typeOf(flags)
    const words = args.partitions ?? []
    if ([words.length > 0, flags.all, flags.file !== undefined].filter(Boolean).length !== 1)
      throw whichOnes()
    const { file } = flags
    const asked =
      file === undefined
        ? undefined
        : parseElection(await readTextOf(this.surroundings, file, 'the file'), file)
    const { cluster, changers } = await openCluster(flags, this.surroundings)
    const make = async (origin: PlanOrigin): Promise<Planned> => {
      const picked = new PickedPartitions(words)
      const topics = asked?.map(({ topic }) => topic) ?? picked.topics
      const told = await changers.leaders.partitions(topics && [...new Set(topics)])
      const brokers = (await changers.reassignments.brokers()).map(({ id }) => id)
      const question = { type, isAll: flags.all, asked, picks: picked, brokers }
      const { steps, failures, warnings } = planElection(told, question)
      return { plan: newPlan(electionKinds[type], origin, steps, { warnings }), failures }
    }
    return this.change(cluster, flags, electChange(changers, type), make)
  }
}

function typeOf({ preferred, unclean }: { preferred: boolean; unclean: boolean }): ElectionType {
  if (preferred !== unclean) return unclean ? 'unclean' : 'preferred'
  throw new UsageError('which-election', 'say which election: --preferred, or --unclean', {
    hint: 'a preferred one loses nothing; an unclean one may lose records',
  })
}

function whichOnes(): UsageError {
  return new UsageError('which-partitions', 'name the partitions, or say --all, or give them in a --file', {
    hint: 'ktool leaders imbalance shows which partitions need it',
  })
}
