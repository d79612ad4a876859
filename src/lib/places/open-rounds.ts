import type { Views } from '../model/views.ts'
import type { ClusterSurroundings } from './open-cluster.ts'
import { openPlace, type PlaceFlags } from './open-place.ts'

/**
 * A place that is asked again and again: each call gives the views of one round. Connections to a cluster stay, and
 * each round has the whole time; log directories are read anew, since what was read is kept.
 */
export async function openRounds(
  flags: PlaceFlags,
  surroundings: ClusterSurroundings,
): Promise<() => Promise<Views>> {
  if (flags['log-dir'] !== undefined) return () => openPlace(flags, surroundings)
  const { openCluster } = await import('./open-cluster.ts')
  const { cluster, views } = await openCluster(flags, surroundings)
  return async () => {
    cluster.deadline.renew()
    return views
  }
}
