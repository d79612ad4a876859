import { ApiError } from '../../api-error.ts'
import type { Controller } from '../../controller/controller.ts'

/** Producer ids that no other producer of the cluster ever had. The controller gives them out by blocks. */
export class ProducerIds {
  readonly #controller: Pick<Controller, 'allocateProducerIds'>
  #next = 0
  #end = 0
  #refill: Promise<void> | undefined

  constructor(controller: Pick<Controller, 'allocateProducerIds'>) {
    this.#controller = controller
  }

  /** Resolves once there is one to take. */
  async ready(): Promise<void> {
    while (this.#next === this.#end) {
      this.#refill ??= this.#fill().finally(() => {
        this.#refill = undefined
      })
      await this.#refill
    }
  }

  /** Where there is none yet, the client is told to ask again, as by Kafka. */
  next(): number {
    if (this.#next < this.#end) return this.#next++
    // Whoever asks again hears why there still is none.
    this.ready().catch(() => undefined)
    throw new ApiError('COORDINATOR_LOAD_IN_PROGRESS')
  }

  async #fill(): Promise<void> {
    const { first, count } = await this.#controller.allocateProducerIds()
    this.#next = first
    this.#end = first + count
  }
}
