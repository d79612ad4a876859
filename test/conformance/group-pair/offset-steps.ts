import { offsetCommit } from '../../../src/lib/protocol/apis/offset-commit.ts'
import { offsetDelete } from '../../../src/lib/protocol/apis/offset-delete.ts'
import { offsetFetch } from '../../../src/lib/protocol/apis/offset-fetch.ts'
import type { JsonObject } from '../../replay/messages.ts'
import type { Story } from './story.ts'

const UNKNOWN_ID = 'EREREREREREREREREREREQ'

/** Offsets that members and others commit, ask for and delete. */
export class OffsetSteps {
  readonly #story: Story

  constructor(story: Story) {
    this.#story = story
  }

  step(): Promise<string> {
    const kind = this.#story.draw()
    if (kind < 0.55) return this.#commit()
    return kind < 0.8 ? this.#fetch() : this.#delete()
  }

  #places(): { name: string; topicId: string; partitions: number[] }[] {
    const { topics, name } = this.#story
    const known = [...topics].map(([topic, { id }]) => ({ name: topic, topicId: id }))
    const some = known.filter(() => this.#story.chance(0.6))
    if (this.#story.chance(0.1)) some.push({ name: `${name}-missing`, topicId: UNKNOWN_ID })
    return some.map((each) => ({ ...each, partitions: [this.#story.below(4), 4 + this.#story.below(3)] }))
  }

  async #commit(): Promise<string> {
    const { chance, below, pick } = this.#of()
    const version = 2 + below(9)
    const who = pick(this.#story.members)
    const isOutside = chance(0.25)
    const epoch = chance(0.8) ? who.epoch : pick([who.lastEpoch, who.epoch + 1, who.epoch - 1])
    const json: JsonObject = {
      groupId: this.#story.name,
      generationIdOrMemberEpoch: isOutside ? -1 : epoch,
      memberId: isOutside ? '' : who.memberId,
      ...(version >= 7 ? { groupInstanceId: isOutside ? null : who.instanceId } : {}),
      ...(version >= 2 && version <= 4 ? { retentionTimeMs: -1 } : {}),
      topics: this.#places().map(({ name, topicId, partitions }) => ({
        ...(version >= 10 ? { topicId } : { name }),
        partitions: partitions.map((partitionIndex) => ({
          ...{ partitionIndex, committedOffset: below(1000) },
          ...(version >= 6 ? { committedLeaderEpoch: pick([-1, 0, 3]) } : {}),
          committedMetadata: pick(['', null, 'said']),
        })),
      })),
    }
    await this.#story.put('offsets', offsetCommit, version, json)
    return `commit v${version} ${JSON.stringify(json)}`
  }

  async #fetch(): Promise<string> {
    const { chance, below, pick } = this.#of()
    const version = 8 + below(3)
    const who = pick(this.#story.members)
    const isNamed = version >= 9 && chance(0.6)
    const topics = this.#places().map(({ name, topicId, partitions }) => ({
      ...(version >= 10 ? { topicId } : { name }),
      partitionIndexes: partitions,
    }))
    const group = {
      groupId: this.#story.name,
      ...(version < 9
        ? {}
        : { memberId: isNamed ? who.memberId : null, memberEpoch: isNamed ? who.epoch : -1 }),
      topics: chance(0.7) ? topics : null,
    }
    const json: JsonObject = { groups: [group] as never, requireStable: chance(0.5) }
    await this.#story.put('offsets', offsetFetch, version, json)
    return `fetch v${version} ${JSON.stringify(json)}`
  }

  async #delete(): Promise<string> {
    const topics = this.#places().map(({ name, partitions }) => ({
      ...{ name, partitions: partitions.map((partitionIndex) => ({ partitionIndex })) },
    }))
    const json = { groupId: this.#story.name, topics }
    await this.#story.put('offsets', offsetDelete, 0, json)
    return `delete ${JSON.stringify(json)}`
  }

  #of(): Pick<Story, 'chance' | 'below' | 'pick'> {
    const story = this.#story
    return {
      chance: (of) => story.chance(of),
      below: (count) => story.below(count),
      pick: (items) => story.pick(items),
    }
  }
}
