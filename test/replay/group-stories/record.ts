import { deleteGroups } from '../../../src/lib/protocol/apis/delete-groups.ts'
import { describeGroups } from '../../../src/lib/protocol/apis/describe-groups.ts'
import { heartbeat } from '../../../src/lib/protocol/apis/heartbeat.ts'
import { joinGroup } from '../../../src/lib/protocol/apis/join-group.ts'
import { leaveGroup } from '../../../src/lib/protocol/apis/leave-group.ts'
import { offsetCommit } from '../../../src/lib/protocol/apis/offset-commit.ts'
import { offsetFetch } from '../../../src/lib/protocol/apis/offset-fetch.ts'
import { syncGroup } from '../../../src/lib/protocol/apis/sync-group.ts'
import { Connection } from '../../conformance/wire/connection.ts'
import { errorName } from './error-name.ts'
import { type Event, PROTOCOL_TYPE, type Question, type Said } from './events.ts'

/** A story while it happens: what is asked goes to Kafka, each question by a connection of its own. */
export class Recorder {
  readonly events: Event[] = []
  readonly #port: number
  readonly #group: string
  readonly #topic: string
  #startMs = performance.now()
  readonly #free: Connection[] = []
  readonly #busy = new Set<Connection>()
  #asked = 0

  constructor(port: number, group: string, topic: string) {
    this.#port = port
    this.#group = group
    this.#topic = topic
  }

  /** The story begins now. */
  begin(): void {
    this.events.length = 0
    this.#startMs = performance.now()
  }

  get nowMs(): number {
    return Math.round(performance.now() - this.#startMs)
  }

  /** Returns the number of the question; `answered` hears of the answer, whenever it comes. */
  async ask(question: Question, answered: (said: Said) => void = () => {}): Promise<number> {
    const ask = ++this.#asked
    const connection = this.#free.pop() ?? (await Connection.open(this.#port))
    this.#busy.add(connection)
    this.events.push({ atMs: this.nowMs, ask, ...question })
    this.#put(connection, question, ask).then(
      (said) => {
        this.events.push({ atMs: this.nowMs, answer: ask, said })
        this.#busy.delete(connection)
        this.#free.push(connection)
        answered(said)
      },
      // Closed by us: nobody answered it.
      () => {},
    )
    return ask
  }

  /** The id that the question made Kafka think of. */
  giveId(ask: number, given: string): void {
    const at = this.events.findIndex((event) => 'ask' in event && event.ask === ask)
    const event = this.events[at]
    if (event !== undefined && 'kind' in event && event.kind === 'join') this.events[at] = { ...event, given }
  }

  close(): void {
    for (const connection of [...this.#free, ...this.#busy]) connection.close()
  }

  async #put(connection: Connection, question: Question, ask: number): Promise<Said> {
    const groupId = this.#group
    switch (question.kind) {
      case 'join': {
        const { version, protocols, given: _, kind: __, ...facts } = question
        const said = Object.entries(protocols).map(([name, text]) => ({ name, metadata: Buffer.from(text) }))
        const request = { ...facts, groupId, protocolType: PROTOCOL_TYPE, protocols: said }
        const answer = await connection.ask(joinGroup, version, request)
        const { memberId, generationId: generation, leader, skipAssignment, members } = answer
        const told = members.map((member) => ({
          ...{ memberId: member.memberId, groupInstanceId: member.groupInstanceId },
          metadata: Buffer.from(member.metadata).toString(),
        }))
        return {
          error: errorName(answer.errorCode),
          ...{ memberId, generation, protocol: answer.protocolName ?? '', leader, skipAssignment },
          members: told,
        }
      }
      case 'sync': {
        const { memberId, groupInstanceId, generation: generationId } = question
        const assignments = Object.entries(question.assignments).map(([id, text]) => ({
          memberId: id,
          assignment: Buffer.from(text),
        }))
        const request = { groupId, memberId, groupInstanceId, generationId, assignments }
        const answer = await connection.ask(syncGroup, 4, request)
        return { error: errorName(answer.errorCode), assignment: Buffer.from(answer.assignment).toString() }
      }
      case 'beat': {
        const { memberId, groupInstanceId, generation: generationId } = question
        const request = { groupId, memberId, groupInstanceId, generationId }
        return { error: errorName((await connection.ask(heartbeat, 4, request)).errorCode) }
      }
      case 'leave': {
        const answer = await connection.ask(leaveGroup, 5, { groupId, members: [...question.leavers] })
        return { error: errorName(answer.errorCode), left: answer.members.map((m) => errorName(m.errorCode)) }
      }
      case 'commit': {
        const { memberId, groupInstanceId, generation: generationIdOrMemberEpoch } = question
        const partitions = [{ partitionIndex: 0, committedOffset: BigInt(ask) }]
        const answer = await connection.ask(offsetCommit, 9, {
          ...{ groupId, memberId, groupInstanceId, generationIdOrMemberEpoch },
          topics: [{ name: this.#topic, partitions }],
        })
        return { error: errorName(answer.topics[0]?.partitions[0]?.errorCode ?? 0) }
      }
      case 'committed': {
        const topics = [{ name: this.#topic, partitionIndexes: [0] }]
        const answer = await connection.ask(offsetFetch, 8, { groups: [{ groupId, topics }] })
        const [partition] = answer.groups[0]?.topics[0]?.partitions ?? []
        return { error: errorName(partition?.errorCode ?? 0), offset: Number(partition?.committedOffset) }
      }
      case 'delete': {
        const answer = await connection.ask(deleteGroups, 2, { groupsNames: [groupId] })
        return { error: errorName(answer.results[0]?.errorCode ?? 0) }
      }
      default: {
        const [found] = (await connection.ask(describeGroups, 6, { groups: [groupId] })).groups
        if (found === undefined || found.errorCode !== 0) return { error: errorName(found?.errorCode ?? 0) }
        const members = found.members.map((member) => ({
          ...{ memberId: member.memberId, groupInstanceId: member.groupInstanceId },
          metadata: Buffer.from(member.memberMetadata).toString(),
          assignment: Buffer.from(member.memberAssignment).toString(),
        }))
        return { error: 'NONE', state: found.groupState, protocol: found.protocolData, members }
      }
    }
  }
}
