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

/** What a key may have for its value; nothing takes it away. */
export interface KeyFate {
  /** The last that was acknowledged. */
  done: string | null
  doneMs: number
  /** What was asked for since. */
  open: (string | null)[]
}

/** How many partitions a topic may have; 0 if there is none. */
export interface TopicFate {
  partitions: number
  open: number | undefined
  doneMs: number
}

/** What the clients of a simulation asked for, and what they were told. */
export class Journal {
  readonly values: Wanted[] = []
  readonly transactions: WantedTransaction[] = []
  readonly committed = new Map<string, { offset: number; doneMs: number }>()
  readonly keys = new Map<string, KeyFate>()
  readonly topics = new Map<string, TopicFate>()
  /** By `partition@offset`: records that a share group is done with. */
  readonly accepted = new Set<string>()
  /** These as well, and those of whom nobody was told. */
  readonly toBeAccepted = new Set<string>()
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

  keyWanted(key: string, value: string | null): void {
    const fate = this.keys.get(key) ?? { done: null, doneMs: 0, open: [] }
    fate.open.push(value)
    this.keys.set(key, fate)
  }

  keyDone(key: string, value: string | null, doneMs: number): void {
    this.keys.set(key, { done: value, doneMs, open: [] })
  }

  topicWanted(name: string, partitions: number): void {
    const fate = this.topics.get(name) ?? { partitions: 0, open: undefined, doneMs: 0 }
    fate.open = partitions
    this.topics.set(name, fate)
  }

  topicDone(name: string, partitions: number, doneMs: number): void {
    this.topics.set(name, { partitions, open: undefined, doneMs })
  }
}
