import { KtoolError } from '../../errors.ts'
import { type Figure, type UnknownFigure, unknown } from '../../model/figure.ts'
import type { PartitionOffsets } from '../../model/offsets.ts'
import type { Partition, PartitionCopy } from '../../model/topics.ts'
import { exact } from '../live-figures.ts'
import type { KnownPartition } from './known-topics.ts'
import type { LiveCopies, LiveCopy } from './log-dirs.ts'
import type { Reassigning } from './reassigning.ts'

/** What is known of a partition, from several questions; what was not asked is null. */
export interface PartitionFacts {
  readonly known: KnownPartition
  readonly isLeaderThere: boolean
  readonly offsets: PartitionOffsets | null
  readonly copies: readonly LiveCopy[]
  readonly silent: LiveCopies['silent'] | null
  readonly reassigning: Reassigning | undefined | KtoolError
}

const NOT_ASKED = unknown('not asked for')

export function livePartition(facts: PartitionFacts): Partition {
  const { known, offsets, copies } = facts
  const leading = copies.find(({ broker, isFuture }) => broker === known.leaderId && !isFuture)
  return {
    partition: known.partitionIndex,
    ...leadership(facts),
    ...moves(facts),
    written: null,
    logStart: offsets?.logStart ?? NOT_ASKED,
    highWatermark: offsets?.highWatermark ?? NOT_ASKED,
    lastStable: offsets?.lastStable ?? NOT_ASKED,
    logEnd: offsets?.logEnd ?? NOT_ASKED,
    sizeBytes: leading === undefined ? noSize(facts) : exact(leading.sizeBytes),
    broker: leading?.broker ?? null,
    directory: leading?.directory ?? null,
    copies: copies.map(described),
  }
}

type Leadership = Pick<
  Partition,
  'leader' | 'leaderEpoch' | 'replicas' | 'isr' | 'elr' | 'lastKnownElr' | 'offlineReplicas'
>

function leadership({ known, isLeaderThere }: PartitionFacts): Leadership {
  const { leaderId, leaderEpoch, replicaNodes, isrNodes, offlineReplicas } = known
  return {
    leader: leaderOf(leaderId, isLeaderThere),
    leaderEpoch: leaderEpoch < 0 ? unknown('the broker does not tell') : exact(leaderEpoch),
    replicas: exact(replicaNodes),
    isr: exact(isrNodes),
    elr: eligible(known.eligibleLeaderReplicas),
    lastKnownElr: eligible(known.lastKnownElr),
    offlineReplicas: exact(offlineReplicas),
  }
}

function leaderOf(id: number, isThere: boolean): Figure {
  if (id < 0) return unknown('it has no leader')
  return isThere ? exact(id) : unknown(`its leader, broker ${id}, is not there`)
}

/** Null where Metadata was asked; a broker without the feature tells of none. */
function eligible(replicas: readonly number[] | null | undefined): Figure<readonly number[]> {
  return replicas === undefined ? unknown('told by Kafka 4.0 and later') : exact(replicas ?? [])
}

function moves({ reassigning }: PartitionFacts): Pick<Partition, 'addingReplicas' | 'removingReplicas'> {
  if (reassigning instanceof KtoolError) {
    const why = unknown(reassigning.message)
    return { addingReplicas: why, removingReplicas: why }
  }
  return {
    addingReplicas: exact(reassigning?.addingReplicas ?? []),
    removingReplicas: exact(reassigning?.removingReplicas ?? []),
  }
}

function noSize({ known, silent }: PartitionFacts): UnknownFigure {
  if (silent === null) return unknown('not asked for; --size asks')
  if (known.leaderId < 0) return unknown('it has no leader')
  const why = silent.get(known.leaderId)
  return unknown(why?.message ?? `broker ${known.leaderId} does not tell of a copy`)
}

function described({ broker, directory, isFuture, sizeBytes }: LiveCopy): PartitionCopy {
  return { broker, directory, state: isFuture ? 'future' : 'current', sizeBytes }
}
