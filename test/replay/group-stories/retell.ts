import { isDeepStrictEqual } from 'node:util'
import { ApiError } from '../../../src/lib/broker/api-error.ts'
import type { JoinAnswer, SyncAnswer } from '../../../src/lib/broker/coordinators/group/group-answers.ts'
import type { Random } from '../../../src/lib/ports/random.ts'
import { GroupRig } from '../../lib/broker/coordinators/group/group-rig.ts'
import { settled } from '../../simulation/sim-clock.ts'
import { type Asked, CLIENT_ID, PROTOCOL_TYPE, type Said, type Story } from './events.ts'

/** Timers of Kafka's run a little late, and so do its answers. */
const LATE_MS = 400

/** Older versions of JoinGroup say nothing of instances. */
const STATIC_SINCE = 5

interface Given {
  readonly said: Said
  readonly atMs: number
}

/** Puts what was asked of Kafka to our coordinator at the same times, and tells where it answers otherwise. */
export async function retell(story: Story): Promise<string[]> {
  const teller = new Teller(story)
  return teller.tell()
}

/** Makes the ids that Kafka made. */
class SameIds implements Random {
  next: string | undefined

  bytes(count: number): Buffer {
    const given = this.next ?? ''
    return given === '' ? Buffer.alloc(count) : Buffer.from(given.slice(-36).replaceAll('-', ''), 'hex')
  }

  below(): number {
    return 0
  }
}

export class Teller {
  readonly #story: Story
  readonly #ids = new SameIds()
  readonly rig: GroupRig
  readonly #ours = new Map<number, Given>()
  readonly #theirs = new Map<number, Given>()
  readonly #asked = new Map<number, Asked>()

  constructor(story: Story) {
    this.#story = story
    this.rig = new GroupRig(story.settings, this.#ids)
  }

  /** As far as the event of this number. */
  async tell(end = Number.POSITIVE_INFINITY): Promise<string[]> {
    const found: string[] = []
    let nowMs = 0
    for (const [i, event] of this.#story.events.entries()) {
      if (i >= end) break
      if ('answer' in event) {
        this.#theirs.set(event.answer, event)
        continue
      }
      await this.rig.clock.pass(Math.max(0, event.atMs - nowMs))
      nowMs = Math.max(nowMs, event.atMs)
      found.push(...this.#compare(`before ${event.ask}`))
      if (found.length > 0) return found
      this.#asked.set(event.ask, event)
      this.#put(event)
      for (let turn = 0; turn < 3; turn++) await settled()
    }
    return found
  }

  #compare(when: string): string[] {
    const found: string[] = []
    for (const [ask, question] of this.#asked) {
      const [ours, theirs] = [this.#ours.get(ask), this.#theirs.get(ask)]
      // Kafka is about to say it, or we are.
      const saidMs = ours === undefined ? theirs?.atMs : theirs === undefined ? ours.atMs : undefined
      if (saidMs !== undefined && this.rig.clock.monotonicMs() - saidMs < LATE_MS) continue
      const text = `${when}: ${ask} ${JSON.stringify(question)}`
      if (!isDeepStrictEqual(plain(ours?.said), plain(theirs?.said))) {
        found.push(`${text}\n  ours  ${tellAnswer(ours)}\n  Kafka ${tellAnswer(theirs)}`)
      } else if (Math.abs((ours?.atMs ?? 0) - (theirs?.atMs ?? 0)) > LATE_MS) {
        found.push(`${text}\n  ours at ${ours?.atMs}, Kafka at ${theirs?.atMs}`)
      }
      if (ours !== undefined && theirs !== undefined) this.#asked.delete(ask)
    }
    return found
  }

  #answer(ask: number, said: Said): void {
    // Kafka sends what it says to who asked last.
    this.#ours.set(ask, { said, atMs: this.rig.clock.monotonicMs() })
  }

  #put(asked: Asked): void {
    const { ask } = asked
    const { coordinator } = this.rig
    const groupId = 'g'
    switch (asked.kind) {
      case 'join': {
        this.#ids.next = asked.given
        const { version, protocols, kind: _, atMs: __, ask: ___, given: ____, ...facts } = asked
        const said = Object.entries(protocols).map(([name, text]) => ({ name, metadata: Buffer.from(text) }))
        const wish = {
          ...facts,
          groupId,
          clientId: CLIENT_ID,
          protocolType: PROTOCOL_TYPE,
          protocols: said,
          mustKnowItsId: version >= 4,
          maySkipAssignment: version >= 9,
          mayDescribe: () => true,
        }
        this.rig.join(wish).whenAnswered((answer) => this.#answer(ask, joinSaid(answer, version)))
        this.#ids.next = undefined
        return
      }
      case 'sync': {
        const { memberId, groupInstanceId, generation } = asked
        const given = Object.entries(asked.assignments).map(([id, text]) => [id, Buffer.from(text)] as const)
        const wish = { groupId, memberId, groupInstanceId, generation, protocolType: null, protocol: null }
        const take = (answer: SyncAnswer) => this.#answer(ask, syncSaid(answer))
        const now = coordinator.sync({ ...wish, assignments: new Map(given) }, take)
        if (now !== null) take(now)
        return
      }
      case 'beat': {
        const { memberId, groupInstanceId, generation } = asked
        this.#answer(ask, { error: this.rig.beat(memberId, generation, groupInstanceId) })
        return
      }
      case 'leave':
        coordinator
          .leave(groupId, asked.leavers)
          .then((left) => this.#answer(ask, { error: 'NONE', left: left.map(({ error }) => error) }))
        return
      case 'commit': {
        const { memberId, groupInstanceId, generation } = asked
        this.rig.commit({ memberId, groupInstanceId, generation }, { offset: BigInt(ask) }).then(
          ([error]) => this.#answer(ask, { error: error ?? 'NONE' }),
          (cause: unknown) =>
            this.#answer(ask, { error: cause instanceof ApiError ? cause.error : String(cause) }),
        )
        return
      }
      case 'committed':
        this.rig
          .committed()
          .then((offset) => this.#answer(ask, { error: 'NONE', offset: Number(offset ?? -1n) }))
        return
      case 'delete':
        coordinator.deleteGroup(groupId).then((error) => this.#answer(ask, { error }))
        return
      default:
        this.#answer(ask, describeSaid(coordinator.describe(groupId)))
    }
  }
}

function describeSaid(found: ReturnType<GroupRig['coordinator']['describe']>): Said {
  if (found === null) return { error: 'GROUP_ID_NOT_FOUND' }
  const members = found.members.map(({ memberId, groupInstanceId, metadata, assignment }) => ({
    ...{ memberId, groupInstanceId },
    ...{ metadata: metadata.toString(), assignment: assignment.toString() },
  }))
  return { error: 'NONE', state: found.state, protocol: found.protocol, members: members }
}

function joinSaid(answer: JoinAnswer, version: number): Said {
  const { error, memberId, generation, protocol, leader, skipAssignment, members } = answer
  const told = members.map(({ memberId: id, groupInstanceId, metadata }) => ({
    memberId: id,
    groupInstanceId: version < STATIC_SINCE ? null : groupInstanceId,
    metadata: metadata.toString(),
  }))
  return { error, memberId, generation, protocol: protocol ?? '', leader, skipAssignment, members: told }
}

function syncSaid({ error, assignment }: SyncAnswer): Said {
  return { error, assignment: assignment.toString() }
}

function plain(said: Said | undefined): unknown {
  return said === undefined ? undefined : JSON.parse(JSON.stringify(said))
}

function tellAnswer(given: Given | undefined): string {
  return given === undefined ? 'nothing yet' : `at ${Math.round(given.atMs)} ${JSON.stringify(given.said)}`
}
