/** What became of something that a client wanted written, as far as the client knows. */
export type Fate = 'open' | 'done' | 'aborted' | 'unknown'

export interface Wanted {
  readonly value: string
  readonly topic: string
  readonly partition: number
  readonly transaction: WantedTransaction | null
  fate: Fate
  doneMs: number
}

export interface WantedTransaction {
  readonly id: string
  readonly values: Wanted[]
  fate: Fate
  doneMs: number
}

/** What the clients of a simulation asked for, and what they were told. */
export class Journal {
  readonly values: Wanted[] = []
  readonly transactions: WantedTransaction[] = []
  readonly committed = new Map<string, { offset: number; doneMs: number }>()
  /** What no broker may answer. */
  readonly faults: string[] = []
  /** What a broker answered that had lost something which it had acknowledged at that time. */
  readonly losses: { readonly told: string; readonly doneMs: number }[] = []

  want(
    topic: string,
    partition: number,
    value: string,
    transaction: WantedTransaction | null = null,
  ): Wanted {
    const wanted: Wanted = { value, topic, partition, transaction, fate: 'open', doneMs: 0 }
    this.values.push(wanted)
    transaction?.values.push(wanted)
    return wanted
  }

  begin(id: string): WantedTransaction {
    const transaction: WantedTransaction = { id, values: [], fate: 'open', doneMs: 0 }
    this.transactions.push(transaction)
    return transaction
  }
}
