import { updateFeaturesChange } from '../../../lib/changes/cluster/update-features.ts'
import { argumentList } from '../../../lib/cli/arguments.ts'
import { changeShape } from '../../../lib/cli/change-shape.ts'
import { ChangingCommand } from '../../../lib/cli/changing-command.ts'
import { changeFlags, clusterFlags, option, outputFlags, string } from '../../../lib/cli/flags.ts'
import { UsageError } from '../../../lib/errors.ts'
import { downgrades } from '../../../lib/model/features-changer.ts'
import {
  type FeatureWish,
  parseFeatureLevels,
  parseFeatureRelease,
} from '../../../lib/operations/features/feature-words.ts'
import { planFeatures } from '../../../lib/operations/features/plan-features.ts'
import type { Result } from '../../../lib/output/result.ts'
import { openCluster } from '../../../lib/places/open-cluster.ts'

export class ClusterFeaturesSet extends ChangingCommand {
  static override summary = 'Set the levels of features that the cluster has agreed on.'

  static override description = [
    'The last step of an upgrade, once all brokers and controllers run the new Kafka. Levels are numbers, 0 disables a',
    'feature, and metadata.version takes names of levels and of releases too: 4.2-IV1, or 4.2 for the last one of it.',
    'With --release all features become what Kafka sets them to for that release. The controller is asked beforehand',
    'whether it would, also by --dry-run.',
    '\n\nA level goes down with --downgrade alone: safe where nothing is lost by it; unsafe is confirmed by name. Most',
    'levels of metadata.version cannot go down at all: Kafka says which.',
  ].join(' ')

  static override examples = [
    {
      description: 'After an upgrade of all nodes: what would change?',
      command: '<%= config.bin %> cluster features set --release 4.3 --dry-run -b kafka1:9092',
    },
    '<%= config.bin %> cluster features set metadata.version=4.2-IV1 transaction.version=2 -c staging',
    {
      description: 'Disable one',
      command: '<%= config.bin %> cluster features set share.version=0 --downgrade safe -c staging',
    },
  ]

  static override args = {
    levels: argumentList({ description: 'share.version=1, metadata.version=4.2-IV1 …' }),
  }

  static override flags = {
    release: string({ summary: 'All features as this release of Kafka has them.', helpValue: 'RELEASE' }),
    downgrade: option({
      options: downgrades,
      summary: 'Let levels go down: where nothing is lost (safe), or whatever is (unsafe).',
    })(),
    ...clusterFlags,
    ...changeFlags,
    ...outputFlags(changeShape),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(ClusterFeaturesSet)
    const downgrade = flags.downgrade ?? null
    const wishes = wishesOf(args.levels ?? [], flags.release)
    const { cluster, changers } = await openCluster(flags, this.surroundings)
    const change = updateFeaturesChange(changers, downgrade === 'unsafe' ? 'unsafe' : 'update')
    return this.change(cluster, flags, change, (origin) =>
      planFeatures(changers.features, wishes, downgrade, origin),
    )
  }
}

function wishesOf(levels: readonly string[], release: string | undefined): FeatureWish[] {
  if (levels.length > 0 === (release !== undefined)) {
    throw new UsageError('which-features', 'say levels of features, or a --release; not both', {
      hint: 'share.version=1, or --release 4.3; ktool cluster features lists what there is',
    })
  }
  return release === undefined ? parseFeatureLevels(levels) : parseFeatureRelease(release)
}
