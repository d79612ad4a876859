import type { ShareGroupConfigs } from '../../../configs/share-group-configs.ts'
import { simple } from '../assignors/simple.ts'
import { type Assignment, noAssignment, sameAssignment } from '../modern/assignment.ts'
import { newTarget } from '../modern/target-assignment.ts'
import type { TopicsView } from '../modern/topics-view.ts'
import { type ShareGroup, type ShareMember, STABLE } from './share-group.ts'
import type { ShareGroupRecord } from './share-group-record.ts'
import { isInitialisedAnew } from './share-initialisation.ts'
import { subscriptionsOf } from './share-subscriptions.ts'

export interface ShareHeartbeat {
  readonly groupId: string
  readonly memberId: string
  readonly memberEpoch: number
  readonly rackId: string | null
  /** Null: as before. */
  readonly topics: readonly string[] | null
  readonly clientId: string
  readonly clientHost: string
}

export interface ShareHeartbeatsWorld {
  readonly topics: TopicsView
  readonly configsOf: (groupId: string) => ShareGroupConfigs
  readonly maxSize: () => number
}

/** One member is heard from: what follows, as records. */
export class HeartbeatTurn {
  readonly records: ShareGroupRecord[] = []
  readonly #group: ShareGroup
  readonly #before: ShareMember
  readonly #world: ShareHeartbeatsWorld
  readonly #nowMs: number
  readonly #members: ReadonlyMap<string, ShareMember>
  readonly #member: ShareMember
  readonly #counts: ReadonlyMap<string, number>
  groupEpoch: number
  /** At the topics of the group. */
  hasLooked = false

  constructor(
    group: ShareGroup,
    before: ShareMember,
    heartbeat: ShareHeartbeat,
    world: ShareHeartbeatsWorld,
    nowMs: number,
  ) {
    this.#group = group
    this.#before = before
    this.#world = world
    this.#nowMs = nowMs
    this.groupEpoch = group.epoch
    const { rackId, topics, clientId, clientHost } = heartbeat
    this.#member = {
      ...before,
      ...{ rackId: rackId ?? before.rackId, clientId, clientHost },
      topics: topics === null ? before.topics : new Set(topics),
    }
    this.#members = new Map([...group.members, [before.memberId, this.#member]])
    this.#counts = subscriptionsOf(this.#members.values())
  }

  get subscribed(): Iterable<string> {
    return this.#counts.keys()
  }

  run(): ShareMember {
    const isBumped = this.#bumpEpoch()
    const target = this.#updateTarget()
    return this.#reconcile(target.epoch, target.assignment, isBumped)
  }

  #bumpEpoch(): boolean {
    let isBumped = this.#writeSubscription()
    const group = this.#group
    if (group.targetEpoch >= this.groupEpoch && isInitialisedAnew(group)) isBumped = true
    if (!isBumped && !group.isStale) return false
    const metadataHash = this.#world.topics.hashOf(this.#counts.keys())
    if (metadataHash !== group.metadataHash) isBumped = true
    this.hasLooked = true
    if (!isBumped) return false
    this.groupEpoch++
    this.records.push({
      kind: 'shareEpoch',
      group: group.groupId,
      value: { epoch: this.groupEpoch, metadataHash },
    })
    return true
  }

  /** Whether the member wants other topics than before. */
  #writeSubscription(): boolean {
    const [before, after] = [this.#before, this.#member]
    const isOther = !sameNames(before.topics, after.topics)
    const isSame =
      before.rackId === after.rackId &&
      before.clientId === after.clientId &&
      before.clientHost === after.clientHost
    if (isSame && !isOther) return false
    const { rackId, clientId, clientHost, topics, memberId } = after
    const value = { rackId, clientId, clientHost, topics }
    this.records.push({ kind: 'shareMember', group: this.#group.groupId, memberId, value })
    return isOther
  }

  #updateTarget(): { readonly epoch: number; readonly assignment: Assignment } {
    const group = this.#group
    const { memberId } = this.#member
    const last = { epoch: group.targetEpoch, assignment: group.target.get(memberId) ?? noAssignment }
    if (group.targetEpoch >= this.groupEpoch || !this.#isTargetDue()) return last
    const { topics } = this.#world
    const { initialised } = group.topics
    const members = new Map(
      [...this.#members].map(([id, member]) => {
        const assigned = group.target.get(id) ?? noAssignment
        return [
          id,
          { instanceId: null, rackId: member.rackId, topicIds: topics.idsOf(member.topics), assigned },
        ]
      }),
    )
    const { of, changed } = newTarget({
      ...{ assignor: simple, members, target: group.target },
      isHomogeneous: [...this.#counts.values()].every((count) => count === this.#members.size),
      partitionCount: (topicId) => topics.partitionCount(topicId),
      isAssigned: () => false,
      isAssignable: (topicId, partition) => initialised.get(topicId)?.partitions.has(partition) === true,
    })
    for (const [id, value] of changed) {
      this.records.push({ kind: 'shareTarget', group: group.groupId, memberId: id, value })
    }
    const value = { epoch: this.groupEpoch, timestampMs: this.#nowMs }
    this.records.push({ kind: 'shareTargetEpoch', group: group.groupId, value })
    return { epoch: this.groupEpoch, assignment: of.get(memberId) ?? noAssignment }
  }

  /** Not again within the interval, unless the clock was set back. */
  #isTargetDue(): boolean {
    const intervalMs = this.#world.configsOf(this.#group.groupId).assignmentIntervalMs
    const sinceMs = this.#nowMs - this.#group.targetTimestampMs
    return this.#group.targetTimestampMs === 0 || intervalMs === 0 || sinceMs >= intervalMs
  }

  #reconcile(targetEpoch: number, target: Assignment, isBumped: boolean): ShareMember {
    const member = this.#member
    const isThere = member.state === STABLE && member.epoch === targetEpoch
    if (isThere && !isBumped) return member
    const wanted = this.#world.topics.idsOf(member.topics)
    const assigned = new Map([...target].filter(([topicId]) => wanted.has(topicId)))
    const epochs =
      member.epoch === targetEpoch
        ? { epoch: member.epoch, previousEpoch: member.previousEpoch }
        : { epoch: targetEpoch, previousEpoch: member.epoch }
    const value = { ...epochs, state: STABLE, assigned }
    const isSame = member.epoch === value.epoch && sameAssignment(member.assigned, assigned)
    if (isSame) return member
    const { memberId } = member
    this.records.push({ kind: 'shareAssignment', group: this.#group.groupId, memberId, value })
    return { ...member, ...value }
  }
}

function sameNames(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((name) => b.has(name))
}
