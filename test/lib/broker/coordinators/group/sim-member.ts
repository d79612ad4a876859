import type { GroupRig } from './group-rig.ts'

/** What a member has been told, to be compared with what others were told. */
export interface Told {
  readonly generation: number
  readonly leader: string
  readonly protocol: string | null
}

/** A member that does the right thing whenever it is its turn, and may be silent in between. */
export class SimMember {
  readonly #rig: GroupRig
  readonly groupInstanceId: string | null
  memberId = ''
  generation = -1
  phase: 'out' | 'waiting' | 'joined' | 'stable' = 'out'
  /** The last answer counts; those to requests that were given up do not. */
  #request = 0
  #members: readonly string[] = []
  readonly told: Told[] = []
  readonly wrong: string[] = []

  constructor(rig: GroupRig, groupInstanceId: string | null) {
    this.#rig = rig
    this.groupInstanceId = groupInstanceId
  }

  step(): void {
    if (this.phase === 'out') this.#join()
    else if (this.phase === 'joined') this.#sync()
    else if (this.phase === 'stable') this.#beat()
  }

  /** The connection broke, or the coordinator did. */
  giveUp(): void {
    this.#request++
    if (this.phase === 'waiting') this.phase = 'out'
  }

  async leave(): Promise<void> {
    this.giveUp()
    const { memberId, groupInstanceId } = this
    this.#reset('')
    await this.#rig.coordinator.leave('g', [{ memberId, groupInstanceId }])
  }

  #join(): void {
    const request = ++this.#request
    this.phase = 'waiting'
    const { memberId, groupInstanceId } = this
    const asked = this.#rig.join({ memberId, groupInstanceId })
    asked.whenAnswered((answer) => {
      if (request !== this.#request) return
      if (answer.error === 'MEMBER_ID_REQUIRED') this.#reset(answer.memberId)
      // Who is fenced, because a coordinator that crashed knew more than it had written, is started anew.
      else if (answer.error !== 'NONE') this.#reset('')
      else {
        this.memberId = answer.memberId
        this.generation = answer.generation
        this.#members = answer.members.map((member) => member.memberId)
        // Who keeps the assignment that the group has asks for it like the others.
        if (answer.skipAssignment) this.#members = []
        this.phase = 'joined'
        this.told.push(answer)
      }
    })
  }

  #sync(): void {
    const request = ++this.#request
    this.phase = 'waiting'
    const { generation, memberId } = this
    const assigned = this.#members.map((member) => [member, `${generation} ${member}`])
    const asked = this.#rig.sync(memberId, generation, Object.fromEntries(assigned))
    asked.whenAnswered(({ error, assignment }) => {
      if (request !== this.#request) return
      if (error === 'REBALANCE_IN_PROGRESS') this.phase = 'out'
      else if (error !== 'NONE') this.#reset('')
      else {
        this.phase = 'stable'
        // A static member that came back has what was given to the one before.
        const isMine = assignment.toString() === `${generation} ${memberId}`
        if (!isMine && this.groupInstanceId === null) this.wrong.push(`${memberId}: ${assignment}`)
      }
    })
  }

  #beat(): void {
    const error = this.#rig.beat(this.memberId, this.generation, this.groupInstanceId)
    if (error === 'REBALANCE_IN_PROGRESS') this.phase = 'out'
    else if (error !== 'NONE') this.#reset('')
  }

  #reset(memberId: string): void {
    this.memberId = memberId
    this.phase = 'out'
  }
}
