import { setTimeout as sleep } from 'node:timers/promises'
import { describeGroups } from '../../../src/lib/protocol/apis/describe-groups.ts'
import { heartbeat } from '../../../src/lib/protocol/apis/heartbeat.ts'
import { joinGroup } from '../../../src/lib/protocol/apis/join-group.ts'
import { leaveGroup } from '../../../src/lib/protocol/apis/leave-group.ts'
import { syncGroup } from '../../../src/lib/protocol/apis/sync-group.ts'
import {
  consumerProtocolAssignment,
  consumerProtocolSubscription,
} from '../../../src/lib/protocol/records/consumer-protocol-records.ts'
import type { JsonObject } from '../../replay/messages.ts'
import { type OldMember, oldMember } from './members.ts'
import type { Story } from './story.ts'

const HASTY_MS = 200

/** What members of the classic protocol do. */
export class ClassicSteps {
  readonly #story: Story
  readonly members: OldMember[]
  #joined = 0

  constructor(story: Story) {
    this.#story = story
    this.members = ['p', 'q', 'r', 's'].map((slot, i) =>
      oldMember(slot, i < 2 ? null : story.pick(['i1', 'i2'])),
    )
  }

  step(): Promise<string> {
    const member = this.#story.pick(this.members)
    const kind = this.#story.draw()
    if (member.memberId === '' || kind < 0.3) return this.#join(member)
    if (kind < 0.6) return this.#sync(member)
    if (kind < 0.88) return this.#beat(member)
    return this.#leave(member)
  }

  async #join(member: OldMember): Promise<string> {
    const { below, pick, chance } = bound(this.#story)
    const version = chance(0.8) ? 9 : member.instanceId === null ? below(10) : 5 + below(5)
    member.version = version
    member.rebalanceTimeoutMs = chance(0.93) ? 60_000 : HASTY_MS
    member.sessionTimeoutMs = chance(0.94) ? 60_000 : HASTY_MS
    const names = pick([
      ['range'],
      ['range', 'roundrobin'],
      ['roundrobin', 'range'],
      ['cooperative-sticky', 'range'],
    ])
    const topics = this.#story.someTopics()
    const metadata = this.#metadata(member, topics)
    const json: JsonObject = {
      ...{ groupId: this.#story.name, sessionTimeoutMs: member.sessionTimeoutMs, memberId: member.memberId },
      protocolType: chance(0.97) ? 'consumer' : 'connect',
      protocols: names.map((name) => ({ name, metadata })),
      ...(version >= 1 ? { rebalanceTimeoutMs: member.rebalanceTimeoutMs } : {}),
      ...(version >= 5 ? { groupInstanceId: member.instanceId } : {}),
      ...(version >= 8 ? { reason: null } : {}),
    }
    const heard = (answer: JsonObject) => this.#heardJoin(member, answer)
    const way = `${member.slot}${this.#story.pair.isWaiting ? `-${this.#joined++}` : ''}`
    const known = member.memberId === '' ? await this.#memberIds() : new Set<string>()
    const find = async () => [...(await this.#memberIds())].find((id) => !known.has(id))
    const isNew = member.memberId === ''
    await this.#story.pair.ask(way, { api: joinGroup, version, json }, heard, isNew ? find : undefined)
    await this.#hasten(member)
    return `${member.slot} join v${version} ${topics} ${JSON.stringify(json)}`
  }

  #metadata(member: OldMember, topics: readonly string[]): string {
    const { below, chance } = bound(this.#story)
    if (chance(0.02)) return 'AAA='
    const version = below(4)
    const owned = chance(0.7) ? member.owned : []
    const fields = {
      topics,
      userData: null,
      ownedPartitions: version >= 1 ? owned : [],
      generationId: version >= 2 ? member.generation : -1,
      rackId: version >= 3 && chance(0.3) ? 'r1' : null,
    }
    return consumerProtocolSubscription.encodeFramed(fields as never, version).toString('base64')
  }

  /** Those of a classic group, as Kafka tells them. */
  async #memberIds(): Promise<Set<string>> {
    const json = { groups: [this.#story.name], includeAuthorizedOperations: false }
    // Ours has not been told yet.
    const said = await this.#story.pair.unseen(() => this.#story.put('find', describeGroups, 5, json))
    const [group] = (said?.groups ?? []) as { members: { memberId: string }[] }[]
    return new Set(group?.members.map(({ memberId }) => memberId))
  }

  #heardJoin(member: OldMember, answer: JsonObject): void {
    const { errorCode, memberId, generationId, protocolName, members } = answer
    if (errorCode === 79 || errorCode === 0) member.memberId = String(memberId)
    if (errorCode === 25 || errorCode === 82) member.memberId = ''
    if (errorCode !== 0) return
    member.generation = Number(generationId)
    member.protocol = String(protocolName)
    member.others = (members as never as { memberId: string }[]).map((each) => each.memberId)
  }

  async #sync(member: OldMember): Promise<string> {
    const { chance, below } = bound(this.#story)
    const version = chance(0.8) ? 5 : 3 + below(3)
    const json: JsonObject = {
      groupId: this.#story.name,
      generationId: chance(0.95) ? member.generation : member.generation + 1,
      memberId: member.memberId,
      groupInstanceId: member.instanceId,
      ...(version < 5
        ? {}
        : {
            protocolType: chance(0.97) ? 'consumer' : 'x',
            protocolName: chance(0.97) ? member.protocol : 'x',
          }),
      assignments: member.others.map((memberId, i) => ({ memberId, assignment: this.#assignment(i) })),
    }
    const heard = (answer: JsonObject) => {
      if (answer.errorCode === 25 || answer.errorCode === 82) member.memberId = ''
      if (answer.errorCode !== 0) return
      member.owned = ownedIn(String(answer.assignment))
    }
    const way = `${member.slot}${this.#story.pair.isWaiting ? `-${this.#joined++}` : ''}`
    await this.#story.put(way, syncGroup, version, json, heard)
    await this.#hasten(member)
    return `${member.slot} sync ${JSON.stringify(json)} ${JSON.stringify(member.owned)}`
  }

  /** By a leader that deals the partitions out in turn. */
  #assignment(of: number): string {
    const userData = this.#story.chance(0.97) ? null : Buffer.from('own')
    const assignedPartitions = [...this.#story.topics].map(([topic, { partitions }]) => ({
      topic,
      partitions: Array.from({ length: partitions }, (_, i) => i).filter((i) => i % 4 === of),
    }))
    return consumerProtocolAssignment.encodeFramed({ assignedPartitions, userData }, 1).toString('base64')
  }

  async #beat(member: OldMember): Promise<string> {
    const json = {
      groupId: this.#story.name,
      generationId: this.#story.chance(0.93) ? member.generation : member.generation - 1,
      memberId: member.memberId,
      groupInstanceId: member.instanceId,
    }
    await this.#story.put(`${member.slot}-beat`, heartbeat, 4, json)
    await this.#hasten(member)
    return `${member.slot} beat ${JSON.stringify(json)}`
  }

  async #leave(member: OldMember): Promise<string> {
    const { chance, pick } = bound(this.#story)
    const nobody = { memberId: 'nobody', instanceId: null }
    const [other, newer] = [pick(this.members), pick(this.#story.members)]
    const leavers = pick([
      [member],
      [nobody, member],
      [newer],
      [member, other],
      [newer, member, other, member],
    ])
    if (leavers.length > 1) this.#story.pair.inAnyOrder()
    const members = leavers.map(({ memberId, instanceId }) => ({
      memberId: instanceId !== null && chance(0.5) ? '' : memberId,
      groupInstanceId: instanceId,
      reason: null,
    }))
    await this.#story.put(`${member.slot}-leave`, leaveGroup, 5, { groupId: this.#story.name, members })
    member.memberId = ''
    member.owned = []
    return `leave ${JSON.stringify(members)}`
  }

  /** Nothing else happens before its time is over. */
  async #hasten({ rebalanceTimeoutMs, sessionTimeoutMs }: OldMember): Promise<void> {
    if (rebalanceTimeoutMs === HASTY_MS || sessionTimeoutMs === HASTY_MS) await sleep(HASTY_MS + 250)
  }
}

function bound(story: Story): Pick<Story, 'below' | 'pick' | 'chance'> {
  return {
    below: (count) => story.below(count),
    pick: (items) => story.pick(items),
    chance: (of) => story.chance(of),
  }
}

function ownedIn(assignment: string): OldMember['owned'] {
  const bytes = Buffer.from(assignment, 'base64')
  if (bytes.length === 0) return []
  const { assignedPartitions } = consumerProtocolAssignment.decodeFramed(bytes).value
  return assignedPartitions.map(({ topic, partitions }) => ({ topic, partitions: [...partitions] }))
}
