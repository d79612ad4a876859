import type { Journal, Wanted } from './journal.ts'
import type { ReadPartition } from './read-topic.ts'

export interface Found {
  /** By `topic-partition`, as consumers of committed records see them. */
  readonly committed: ReadonlyMap<string, ReadPartition>
  readonly uncommitted: ReadonlyMap<string, ReadPartition>
  readonly offsets: ReadonlyMap<string, number>
  /** Partitions of topics by their names. */
  readonly topics: ReadonlyMap<string, number>
}

/** Whether something that was acknowledged at this time may be gone. */
export type MayBeLost = (doneMs: number) => boolean

/** Each way in which what is there is not what clients were told; none, if all is well. */
export function faultsOf(journal: Journal, found: Found, mayBeLost: MayBeLost): string[] {
  return [
    ...journal.faults,
    ...lossFaults(journal, mayBeLost),
    ...valueFaults(journal, found, mayBeLost),
    ...transactionFaults(journal, found, mayBeLost),
    ...offsetFaults(journal, found, mayBeLost),
    ...orderFaults(found),
    ...keyFaults(journal, found, mayBeLost),
    ...topicFaults(journal, found, mayBeLost),
    ...shareFaults(journal, found),
  ]
}

function timesSeen(found: Found, { topic, partition, value }: Wanted): number {
  const read = found.committed.get(`${topic}-${partition}`)
  return read?.values.filter((other) => other === value).length ?? 0
}

function lossFaults({ losses }: Journal, mayBeLost: MayBeLost): string[] {
  return losses.flatMap(({ told, doneMs }) =>
    mayBeLost(doneMs) ? [] : [`${told}, though nothing may be lost`],
  )
}

function valueFaults(journal: Journal, found: Found, mayBeLost: MayBeLost): string[] {
  return journal.values
    .filter(({ transaction }) => transaction === null)
    .flatMap((wanted) => {
      const { value, fate, doneMs } = wanted
      const times = timesSeen(found, wanted)
      if (times > 1) return [`${value} is there ${times} times`]
      return times === 0 && fate === 'done' && !mayBeLost(doneMs)
        ? [`${value} was acknowledged and is gone`]
        : []
    })
}

function transactionFaults(journal: Journal, found: Found, mayBeLost: MayBeLost): string[] {
  return journal.transactions.flatMap(({ id, values, fate, doneMs }) => {
    const times = values.map((wanted) => timesSeen(found, wanted))
    if (times.some((count) => count > 1)) return [`transaction ${id} is there more than once`]
    const count = times.filter((seen) => seen === 1).length
    if (fate === 'done' && count < values.length && !mayBeLost(doneMs)) {
      return [`transaction ${id} was committed, and ${values.length - count} of its values are gone`]
    }
    // Where partitions and coordinator lose different parts of a transaction, Kafka makes no promise either.
    if (mayBeLost(Number.POSITIVE_INFINITY)) return []
    if (fate === 'aborted' && count > 0) return [`transaction ${id} was aborted, and ${count} values show`]
    return count > 0 && count < values.length ? [`transaction ${id} is torn`] : []
  })
}

function offsetFaults(journal: Journal, { offsets }: Found, mayBeLost: MayBeLost): string[] {
  return [...journal.committed].flatMap(([groupId, { offset, doneMs }]) => {
    const now = offsets.get(groupId) ?? -1
    const isBehind = now < offset && !mayBeLost(doneMs)
    return isBehind ? [`${groupId} committed ${offset}, and ${now} is what there is`] : []
  })
}

function orderFaults({ committed, uncommitted }: Found): string[] {
  return [...committed, ...uncommitted].flatMap(([name, { offsets }]) =>
    offsets.some((offset, i) => i > 0 && offset <= (offsets[i - 1] ?? -1)) ? [`${name} goes back`] : [],
  )
}

function keyFaults(journal: Journal, { committed }: Found, mayBeLost: MayBeLost): string[] {
  const latest = committed.get('keyed-0')?.latest ?? new Map<string, string | null>()
  return [...journal.keys].flatMap(([key, { done, doneMs, open }]) => {
    const now = latest.get(key) ?? null
    const isRight = now === done || open.includes(now) || mayBeLost(doneMs)
    return isRight ? [] : [`${key} was to be ${done}, and is ${now}`]
  })
}

function topicFaults(journal: Journal, { topics }: Found, mayBeLost: MayBeLost): string[] {
  return [...journal.topics].flatMap(([name, { partitions, open, doneMs }]) => {
    const now = topics.get(name) ?? 0
    const isRight = now === partitions || now === open || mayBeLost(doneMs)
    return isRight ? [] : [`${name} was to have ${partitions} partitions, and has ${now}`]
  })
}

/** All have been there for long. */
function shareFaults({ toBeAccepted }: Journal, { uncommitted }: Found): string[] {
  if (toBeAccepted.size === 0) return []
  return [0, 1].flatMap((partition) => {
    const offsets = uncommitted.get(`plain-${partition}`)?.offsets ?? []
    const missing = offsets.filter((offset) => !toBeAccepted.has(`${partition}@${offset}`))
    return missing.length === 0 ? [] : [`nobody got the records ${missing.join(', ')} of plain-${partition}`]
  })
}
