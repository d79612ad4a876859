/** Somebody waits until something may have changed, and looks for himself what it was. */
export class Bell {
  #waiting: (() => void)[] = []

  ring(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const wake of waiting) wake()
  }

  rung(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve))
  }
}
