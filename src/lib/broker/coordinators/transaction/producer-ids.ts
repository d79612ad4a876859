import type { Controller } from '../../controller/controller.ts'

/** Producer ids that no other producer of the cluster ever had. The controller gives them out by blocks. */
export class ProducerIds {
  readonly #controller: Pick<Controller, 'allocateProducerIds'>
  #next = 0
  #end = 0

  constructor(controller: Pick<Controller, 'allocateProducerIds'>) {
    this.#controller = controller
  }

  next(): number {
    if (this.#next === this.#end) {
      const { first, count } = this.#controller.allocateProducerIds()
      this.#next = first
      this.#end = first + count
    }
    return this.#next++
  }
}
