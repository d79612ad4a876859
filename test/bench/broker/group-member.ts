import { Connection } from '../../conformance/wire/connection.ts'

export interface Membership {
  readonly port: number
  readonly groupId: string
  readonly topic: string
}

/** Somebody who is in a group until told to leave it. */
export abstract class GroupMember {
  /** Or epoch; who has the same as all others has what is meant for it. */
  generation: number
  partitions: readonly number[] = []
  protected readonly membership: Membership
  protected isLeaving = false
  #gone: () => void = () => {}

  constructor(membership: Membership, generation: number) {
    this.membership = membership
    this.generation = generation
  }

  async live(): Promise<void> {
    const connection = await Connection.open(this.membership.port)
    while (!this.isLeaving) await this.stay(connection)
    await this.sayGoodbye(connection)
    connection.close()
    this.#gone()
  }

  leave(): Promise<void> {
    this.isLeaving = true
    return new Promise((resolve) => {
      this.#gone = resolve
    })
  }

  /** One round: what it says, and a pause if it may rest. */
  protected abstract stay(connection: Connection): Promise<void>
  protected abstract sayGoodbye(connection: Connection): Promise<void>
}

export function rest(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 100))
}
