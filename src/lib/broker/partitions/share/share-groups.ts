import type { ErrorName } from '../../../protocol/error-codes.ts'
import { ApiError } from '../../api-error.ts'
import { defaultMessage } from '../../default-messages.ts'
import type { Acknowledgement } from './acknowledge.ts'
import { SharePartitions, type SharePartitionsFacts } from './share-partitions.ts'
import type { SharePlace } from './share-place.ts'
import { type ShareSession, ShareSessions } from './share-sessions.ts'

export interface AcknowledgeWish {
  readonly groupId: string
  readonly memberId: string
  readonly place: SharePlace
  readonly acknowledgements: readonly Acknowledgement[]
}

export interface Acknowledged {
  readonly place: SharePlace
  readonly error: ErrorName
  readonly message: string | null
}

/** What members of share groups do with records: their sessions, and the partitions as their groups see them. */
export class ShareGroups {
  readonly partitions: SharePartitions
  readonly sessions: ShareSessions

  constructor(facts: SharePartitionsFacts, maxSessions: () => number) {
    this.partitions = new SharePartitions(facts)
    this.sessions = new ShareSessions(maxSessions, {
      memberLeft: (session) => this.#release(session),
      groupEmptied: (groupId) => this.partitions.removeGroup(groupId),
    })
  }

  stop(): void {
    this.partitions.close()
  }

  async acknowledge({ groupId, memberId, place, acknowledgements }: AcknowledgeWish): Promise<Acknowledged> {
    const { topicId, partition } = place
    const share = this.partitions.get({ groupId, topicId, partition })
    if (share === undefined) return refused(place, new ApiError('UNKNOWN_TOPIC_OR_PARTITION'))
    try {
      await share.acknowledge(memberId, acknowledgements)
      return { place, error: 'NONE', message: null }
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause
      this.partitions.failed(share, cause)
      return refused(place, cause)
    }
  }

  /** The member is done: what it has and did not acknowledge is for others. */
  end(session: ShareSession): void {
    this.sessions.remove(session)
    this.#release(session)
  }

  #release({ groupId, memberId, places }: ShareSession): void {
    for (const { topicId, partition } of places) {
      const share = this.partitions.get({ groupId, topicId, partition })
      share?.release(memberId).catch((cause) => {
        if (!(cause instanceof ApiError)) throw cause
        this.partitions.failed(share, cause)
      })
    }
  }
}

function refused(place: SharePlace, { error, message }: ApiError): Acknowledged {
  return { place, error, message: message || defaultMessage(error) }
}
