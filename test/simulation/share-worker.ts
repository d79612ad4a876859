import { createHash } from 'node:crypto'
import { findCoordinator } from '../../src/lib/protocol/apis/find-coordinator.ts'
import { incrementalAlterConfigs } from '../../src/lib/protocol/apis/incremental-alter-configs.ts'
import { metadata } from '../../src/lib/protocol/apis/metadata.ts'
import { shareAcknowledge } from '../../src/lib/protocol/apis/share-acknowledge.ts'
import { shareFetch } from '../../src/lib/protocol/apis/share-fetch.ts'
import { shareGroupHeartbeat } from '../../src/lib/protocol/apis/share-group-heartbeat.ts'
import type { Journal } from './journal.ts'
import type { SimRandom } from './sim-random.ts'
import type { SimWorld } from './sim-world.ts'
import { Again, Worker } from './worker.ts'

const GROUP_RESOURCE = 32
const [ACCEPT, RELEASE] = [1, 2]
const PARTITIONS = [0, 1]
/** Nothing of a session that the broker has forgotten. */
const FORGOTTEN = [
  'SHARE_SESSION_NOT_FOUND',
  'INVALID_SHARE_SESSION_EPOCH',
  'UNKNOWN_MEMBER_ID',
  'GROUP_ID_NOT_FOUND',
  'FENCED_MEMBER_EPOCH',
  'NOT_COORDINATOR',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'INVALID_RECORD_STATE',
  'FENCED_STATE_EPOCH',
] as const

interface Acquired {
  readonly partition: number
  readonly first: bigint
  readonly last: bigint
  readonly deliveryCount: number
}

/** A member of a share group, which accepts or gives back what it gets, and never gets again what was accepted. */
export class ShareWorker extends Worker {
  readonly #memberId: string
  #topicId: string | undefined
  #memberEpoch = 0
  #sessionEpoch = 0
  #isJoined = false

  constructor(world: SimWorld, journal: Journal, random: SimRandom, name: string) {
    super(world, journal, random)
    this.#memberId = createHash('md5').update(name).digest('base64url')
  }

  protected async step(): Promise<void> {
    try {
      if (!this.#isJoined) await this.#join()
      await this.#beat()
      for (const each of await this.#fetch()) await this.#acknowledge(each)
    } catch (cause) {
      this.#leaveBehind()
      throw cause
    }
  }

  async #join(): Promise<void> {
    const client = await this.client()
    const found = await client.ask(findCoordinator, 3, { key: 'sharers', keyType: 0 })
    if (this.told(found.errorCode, ['NONE', 'COORDINATOR_NOT_AVAILABLE']) !== 'NONE') throw new Again('later')
    const configs = [{ name: 'share.auto.offset.reset', configOperation: 0, value: 'earliest' }]
    const resources = [{ resourceType: GROUP_RESOURCE, resourceName: 'sharers', configs }]
    const set = await client.ask(incrementalAlterConfigs, 1, { resources })
    this.told(set.responses[0]?.errorCode ?? -1, ['NONE'])
    const { topics } = await client.ask(metadata, 12, { topics: [{ name: 'plain' }] })
    this.#topicId = topics[0]?.topicId
    this.#isJoined = true
  }

  async #beat(): Promise<void> {
    const client = await this.client()
    const answer = await client.ask(shareGroupHeartbeat, 1, {
      groupId: 'sharers',
      memberId: this.#memberId,
      memberEpoch: this.#memberEpoch,
      subscribedTopicNames: this.#memberEpoch === 0 ? ['plain'] : null,
    })
    if (this.told(answer.errorCode, ['NONE', ...FORGOTTEN]) !== 'NONE') throw new Again('join anew')
    this.#memberEpoch = answer.memberEpoch
  }

  async #fetch(): Promise<Acquired[]> {
    const client = await this.client()
    const isFirst = this.#sessionEpoch === 0
    const partitions = PARTITIONS.map((partitionIndex) => ({ partitionIndex, acknowledgementBatches: [] }))
    const { errorCode, responses } = await client.ask(shareFetch, 1, {
      ...{ groupId: 'sharers', memberId: this.#memberId, shareSessionEpoch: this.#sessionEpoch },
      ...{ maxWaitMs: 20, minBytes: 1, maxBytes: 1 << 20, maxRecords: 20, batchSize: 20 },
      topics: isFirst ? [{ topicId: this.#topicId ?? '', partitions }] : [],
      forgottenTopicsData: [],
    })
    if (this.told(errorCode, ['NONE', ...FORGOTTEN]) !== 'NONE') throw new Again('join anew')
    this.#sessionEpoch++
    for (const { partitions } of responses) {
      for (const { partitionIndex, errorCode } of partitions) {
        if (errorCode !== 0)
          this.world.note(`ShareWorker gets error ${errorCode} of partition ${partitionIndex}`)
      }
    }
    const acquired = responses.flatMap(({ partitions }) =>
      partitions.flatMap(({ partitionIndex, acquiredRecords }) =>
        acquiredRecords.map(({ firstOffset, lastOffset, deliveryCount }) => {
          return { partition: partitionIndex, first: firstOffset, last: lastOffset, deliveryCount }
        }),
      ),
    )
    for (const each of acquired) this.#mustBeOpen(each)
    return acquired
  }

  #mustBeOpen(each: Acquired): void {
    for (const place of placesOf(each)) {
      if (this.journal.accepted.has(place)) this.journal.faults.push(`${place} was accepted, and comes again`)
    }
  }

  async #acknowledge(acquired: Acquired): Promise<void> {
    const { partition, first, last, deliveryCount } = acquired
    // What was given back too often is not handed out any more.
    const type = deliveryCount > 1 || this.random.isTrue(0.8) ? ACCEPT : RELEASE
    if (type === ACCEPT) for (const place of placesOf(acquired)) this.journal.toBeAccepted.add(place)
    const client = await this.client()
    const batch = { firstOffset: first, lastOffset: last, acknowledgeTypes: [type ?? 0] }
    const partitions = [{ partitionIndex: partition, acknowledgementBatches: [batch] }]
    const { errorCode, responses } = await client.ask(shareAcknowledge, 1, {
      ...{ groupId: 'sharers', memberId: this.#memberId, shareSessionEpoch: this.#sessionEpoch },
      topics: [{ topicId: this.#topicId ?? '', partitions }],
    })
    if (this.told(errorCode, ['NONE', ...FORGOTTEN]) !== 'NONE') throw new Again('join anew')
    this.#sessionEpoch++
    const code = responses[0]?.partitions[0]?.errorCode ?? -1
    if (this.told(code, ['NONE', ...FORGOTTEN]) !== 'NONE' || type !== ACCEPT) return
    for (const place of placesOf(acquired)) this.journal.accepted.add(place)
  }

  /** What it had acquired comes again, to whomever. */
  #leaveBehind(): void {
    this.forgetLink()
    this.#isJoined = false
    this.#memberEpoch = 0
    this.#sessionEpoch = 0
  }
}

function placesOf({ partition, first, last }: Acquired): string[] {
  return Array.from({ length: Number(last - first) + 1 }, (_, i) => `${partition}@${Number(first) + i}`)
}
