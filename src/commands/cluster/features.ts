import { BaseCommand } from '../../lib/cli/base-command.ts'
import { clusterFlags, outputFlags } from '../../lib/cli/flags.ts'
import type { FeatureState } from '../../lib/model/cluster-state.ts'
import { list, type Result } from '../../lib/output/result.ts'
import { column, type Shape } from '../../lib/output/shape.ts'
import { openCluster } from '../../lib/places/open-cluster.ts'

const shape: Shape<FeatureState> = {
  version: 1,
  name: ({ feature }) => feature,
  columns: [
    column('feature'),
    column('finalized', { kind: 'number' }),
    column('release'),
    column('supportedMin', { kind: 'number' }),
    column('supportedMax', { kind: 'number' }),
    column('supportedRelease', { header: 'UP TO RELEASE' }),
  ],
}

export class ClusterFeatures extends BaseCommand {
  static override summary = 'List the features of a cluster: what its brokers support, and what is in force.'

  static override description = [
    'FINALIZED is the level in force; 0 where it was never set. SUPPORTED MIN and MAX are what',
    'every broker that answered can do, so that in the midst of an upgrade it shows how far one may go already.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> cluster features -b kafka1:9092',
    {
      description: 'Features that could be raised',
      command:
        "<%= config.bin %> cluster features -c prod -o json | jq '.items[] | select(.supportedMax > .finalized)'",
    },
  ]

  static override flags = { ...clusterFlags, ...outputFlags(shape) }

  async run(): Promise<Result> {
    const { flags } = await this.parse(ClusterFeatures)
    const { state } = await openCluster(flags, this.surroundings)
    const { rows, failures, epoch } = await state.features()
    const notes = epoch === null ? [] : [`as of epoch ${epoch} of the features`]
    return list(shape, rows, { failures, notes })
  }
}
