import { setTimeout as sleep } from 'node:timers/promises'
import type { Api } from '../../../src/lib/protocol/api.ts'
import { consumerGroupDescribe } from '../../../src/lib/protocol/apis/consumer-group-describe.ts'
import { consumerGroupHeartbeat } from '../../../src/lib/protocol/apis/consumer-group-heartbeat.ts'
import { deleteGroups } from '../../../src/lib/protocol/apis/delete-groups.ts'
import { describeGroups } from '../../../src/lib/protocol/apis/describe-groups.ts'
import { leaveGroup } from '../../../src/lib/protocol/apis/leave-group.ts'
import { listGroups } from '../../../src/lib/protocol/apis/list-groups.ts'
import type { JsonObject } from '../../replay/messages.ts'
import { ClassicSteps } from './classic-steps.ts'
import { ClusterSteps } from './cluster-steps.ts'
import { heardBeat, type NewMember, newMember } from './members.ts'
import { OffsetSteps } from './offset-steps.ts'
import type { BrokerPair } from './pair.ts'

const HASTY_MS = 200

/** One group, what members and administrators do to it at random, and what both brokers make of that. */
export class Story {
  readonly name: string
  readonly pair: BrokerPair
  readonly draw: () => number
  readonly topics = new Map<string, { id: string; partitions: number }>()
  readonly members: NewMember[]
  readonly #classic: ClassicSteps
  readonly #offsets: OffsetSteps
  readonly #cluster: ClusterSteps

  constructor(name: string, pair: BrokerPair, draw: () => number) {
    this.name = name
    this.pair = pair
    this.draw = draw
    this.members = ['a', 'b', 'c', 'd'].map((slot, i) =>
      newMember(slot, this.#newId(), i < 2 ? null : this.pick(['i1', 'i2'])),
    )
    this.#classic = new ClassicSteps(this)
    this.#offsets = new OffsetSteps(this)
    this.#cluster = new ClusterSteps(this)
  }

  below(count: number): number {
    return Math.floor(this.draw() * count)
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T
  }

  chance(of: number): boolean {
    return this.draw() < of
  }

  /** Some topics of the story, and seldom one that is not there. */
  someTopics(): string[] {
    const names = [...this.topics.keys()].filter(() => this.chance(0.5))
    return this.chance(0.1) ? [...names, `${this.name}-missing`] : names
  }

  async begin(steps: number): Promise<string[]> {
    for (let i = 1 + this.below(3); i > 0; i--) await this.#cluster.createTopic()
    await this.#cluster.alterGroup({ 'consumer.assignment.interval.ms': this.chance(0.8) ? '0' : '15000' })
    const kind = this.draw()
    const share = {
      modern: kind < 0.3 ? 0.7 : kind < 0.45 ? 0.1 : 0.4,
      classic: kind < 0.3 ? 0 : kind < 0.45 ? 0.6 : 0.3,
    }
    const log: string[] = []
    for (let i = 0; i < steps && this.pair.differences.length === 0; i++) {
      log.push(await this.#step(share))
      await this.pair.settle(this.name)
      await this.#look()
    }
    if (this.pair.differences.length > 0 && process.env.KTOOL_TELL !== undefined)
      console.log(`${log.join('\n')}\n@@ ${this.name} ${this.pair.differences.join('\n')}`)
    return this.pair.differences
  }

  async end(): Promise<void> {
    this.pair.forget()
    for (const { memberId } of [...this.members, ...this.#classic.members]) {
      const leavers = [{ memberId, groupInstanceId: null, reason: null }]
      await this.put('admin', leaveGroup, 5, { groupId: this.name, members: leavers })
    }
    for (const topic of [...this.topics.keys()]) await this.#cluster.deleteTopic(topic)
    this.pair.differences.length = 0
  }

  async #step(share: { modern: number; classic: number }): Promise<string> {
    const kind = this.draw()
    if (kind < share.modern) return this.#beat(this.pick(this.members))
    if (kind < share.modern + share.classic) return this.#classic.step()
    const other = this.draw()
    if (other < 0.4) return this.#offsets.step()
    if (other < 0.65) return this.#cluster.changeTopics()
    if (other < 0.8) return this.#silence()
    if (other < 0.9) {
      const names = this.chance(0.8) ? [this.name] : [this.name, 'no-such-group', '']
      await this.put('admin', deleteGroups, this.below(3), { groupsNames: names })
      return 'DeleteGroups'
    }
    const configs = this.pick([
      { 'consumer.assignment.interval.ms': '0' },
      { 'consumer.assignment.interval.ms': '15000' },
      { 'consumer.heartbeat.interval.ms': this.pick(['5000', '7000']) },
    ])
    await this.#cluster.alterGroup(configs as Record<string, string>)
    return JSON.stringify(configs)
  }

  async put(by: string, api: Api, version: number, json: JsonObject, heard?: (answer: JsonObject) => void) {
    let said: JsonObject | undefined
    await this.pair.ask(by, { api, version, json }, (answer) => {
      said = answer
      heard?.(answer)
    })
    return said
  }

  async #beat(member: NewMember): Promise<string> {
    const { subscribedTopicRegex = null, ...said } = this.#drawBeat(member)
    const version = subscribedTopicRegex !== null || this.chance(0.9) ? 1 : 0
    const json: JsonObject = {
      ...{ instanceId: null, rackId: null, rebalanceTimeoutMs: -1, subscribedTopicNames: null },
      ...{ serverAssignor: null, topicPartitions: null, ...said },
      ...(version === 0 ? {} : { subscribedTopicRegex }),
    }
    const before = member.epoch
    if (json.rebalanceTimeoutMs !== -1) member.rebalanceTimeoutMs = Number(json.rebalanceTimeoutMs)
    const answer = await this.put(member.slot, consumerGroupHeartbeat, version, json, (said) =>
      heardBeat(member, said),
    )
    const { errorCode } = answer ?? {}
    if (errorCode !== 0) this.#afterRefusal(member, Number(errorCode))
    else if (json.memberEpoch === -1 || json.memberEpoch === -2) {
      member.epoch = 0
      member.assigned = []
      if (this.chance(0.7)) member.memberId = this.#newId()
    }
    if (errorCode === 0 && member.rebalanceTimeoutMs < 1000) await sleep(HASTY_MS + 250)
    return `${before} ${JSON.stringify(json)} → ${JSON.stringify(answer)}`
  }

  #afterRefusal(member: NewMember, errorCode: number): void {
    if (![25, 82, 110, 111].includes(errorCode) || this.chance(0.3)) return
    member.epoch = 0
    member.assigned = []
    if (this.chance(0.5)) member.memberId = this.#newId()
  }

  #drawBeat(member: NewMember): JsonObject {
    const { instanceId } = member
    const named = {
      groupId: this.name,
      memberId: member.memberId,
      instanceId: this.chance(0.97) ? instanceId : 'i3',
    }
    const { epoch } = member
    const end = this.draw()
    if (end < 0.05) return { ...named, memberEpoch: -1 }
    if (end < 0.09) return { ...named, memberEpoch: -2 }
    if (end < 0.1) return { ...named, memberEpoch: -3 }
    if (epoch === 0 || end < 0.13) return { ...named, ...this.#joining() }
    const memberEpoch = this.chance(0.9) ? epoch : this.pick([member.lastEpoch, epoch + 1, epoch - 1, 1])
    const changes = this.draw()
    const owned = { topicPartitions: this.#owned(member) as never }
    if (changes < 0.15) return { ...named, ...this.#subscription(), memberEpoch, ...owned }
    if (changes < 0.25)
      return { ...named, ...this.#subscription(), memberEpoch, rebalanceTimeoutMs: 30_000, ...owned }
    if (changes < 0.3)
      return { ...named, memberEpoch, serverAssignor: this.pick(['uniform', 'range', 'none']) }
    if (changes < 0.33) return { ...named, memberEpoch, rackId: this.pick(['r1', 'r2', '']) }
    return { ...named, memberEpoch, ...owned }
  }

  #joining(): JsonObject {
    return {
      memberEpoch: 0,
      rebalanceTimeoutMs: this.pick([
        60_000,
        60_000,
        60_000,
        60_000,
        60_000,
        HASTY_MS,
        this.chance(0.9) ? 60_000 : -1,
      ]),
      topicPartitions: this.chance(0.97) ? [] : null,
      serverAssignor: this.pick([null, null, 'uniform', 'range']),
      ...this.#subscription(),
    }
  }

  #subscription(): JsonObject {
    const isRegex = this.chance(0.25)
    const regex = this.pick([
      `${this.name}-[a-c].*`,
      `${this.name}-.*`,
      `${this.name}-(a|b)1?`,
      '',
      this.chance(0.9) ? `${this.name}.*` : '(',
    ])
    if (isRegex)
      return { subscribedTopicNames: this.chance(0.5) ? [] : this.someTopics(), subscribedTopicRegex: regex }
    return { subscribedTopicNames: this.someTopics(), subscribedTopicRegex: this.chance(0.1) ? '' : null }
  }

  /** What it was given, mostly; seldom nothing said, a part, or what it never had. */
  #owned({ assigned }: NewMember): readonly unknown[] | null {
    const kind = this.draw()
    if (kind < 0.65) return assigned
    if (kind < 0.85) return null
    if (kind < 0.93) return assigned.slice(0, this.below(assigned.length + 1))
    const [{ id } = { id: '' }] = this.topics.values()
    return id === '' ? [] : [{ topicId: id, partitions: [this.below(3)] }]
  }

  /** One whose session is short for a moment, and who says nothing in it. */
  async #silence(): Promise<string> {
    const there = this.members.filter(({ epoch }) => epoch > 0)
    if (there.length === 0) return 'nobody to be silent'
    const member = this.pick(there)
    await this.#cluster.alterGroup({ 'consumer.session.timeout.ms': '300' })
    const { slot, memberId, instanceId, epoch } = member
    const json = {
      groupId: this.name,
      memberId,
      memberEpoch: epoch,
      instanceId,
      rackId: null,
      rebalanceTimeoutMs: -1,
    }
    const said = { ...json, subscribedTopicNames: null, subscribedTopicRegex: null, serverAssignor: null }
    await this.put(slot, consumerGroupHeartbeat, 1, { ...said, topicPartitions: null }, (a) =>
      heardBeat(member, a),
    )
    await this.#cluster.alterGroup({ 'consumer.session.timeout.ms': '45000' })
    await sleep(450)
    member.epoch = this.chance(0.5) ? 0 : member.epoch
    return `${memberId} is silent`
  }

  async #look(): Promise<void> {
    const groups = { includeAuthorizedOperations: false }
    await this.pair.again(() =>
      this.put('look', consumerGroupDescribe, 1, { groupIds: [this.name], ...groups }),
    )
    await this.put('look', describeGroups, 6, { groups: [this.name], ...groups })
    const typesFilter = this.pick([[], ['consumer'], ['classic'], ['Consumer', 'share'], ['streams']])
    const statesFilter = this.pick([[], [], ['Stable'], ['Empty', 'assigning'], ['Reconciling']])
    // Of the others something may be left, and their order is that of all the groups before.
    const shown = ({ groups, ...rest }: JsonObject) => {
      return { ...rest, groups: (groups as JsonObject[]).filter(({ groupId }) => groupId === this.name) }
    }
    const json = { statesFilter, typesFilter }
    await this.pair.ask('look', { api: listGroups, version: 5, json, shown }, () => {})
  }

  #newId(): string {
    return Buffer.from(Array.from({ length: 16 }, () => this.below(256))).toString('base64url')
  }
}
