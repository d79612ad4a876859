import type { ItemFailure } from '../model/outcome.ts'
import { formatPartitions, partitionRanges } from '../values/partitions.ts'

/** Failures for one and the same reason: the first, and the items of the others. */
export interface Alike {
  readonly failure: ItemFailure
  readonly others: readonly string[]
}

/** So few are told one by one. */
const FEW = 3
const NAMED = 20
const PARTITION = /^(.*):(\d+)$/s

/** A broker that is down would otherwise say the same of each of its thousands of partitions. */
export function gatherAlike(failures: readonly ItemFailure[]): Alike[] {
  const byReason = new Map<string, [ItemFailure, ...ItemFailure[]]>()
  for (const failure of failures) {
    const reason = reasonOf(failure)
    const alike = byReason.get(reason)
    if (alike === undefined) byReason.set(reason, [failure])
    else alike.push(failure)
  }
  return [...byReason.values()].flatMap(([failure, ...others]) =>
    others.length < FEW
      ? [failure, ...others].map((each) => ({ failure: each, others: [] }))
      : [{ failure, others: others.map(({ item }) => item) }],
  )
}

/** `big:3,5-8, orders:0`: partitions as they are typed, and no more names than anybody reads. */
export function namesOf(items: readonly string[]): string {
  const numbers = new Map<string, number[]>()
  const names: string[] = []
  for (const item of items) {
    const [, topic, partition] = PARTITION.exec(item) ?? []
    const known = topic === undefined ? undefined : numbers.get(topic)
    if (topic === undefined) names.push(item)
    else if (known === undefined) numbers.set(topic, [Number(partition)])
    else known.push(Number(partition))
  }
  for (const [topic, each] of numbers) names.push(`${topic}:${formatPartitions(partitionRanges(each))}`)
  const left = names.length - NAMED
  return left <= 0 ? names.join(', ') : `${names.slice(0, NAMED).join(', ')}, and so on`
}

function reasonOf({ item, error }: ItemFailure): string {
  const nameless = (text: string) => (item === '' ? text : text.replaceAll(item, '\0'))
  return `${error.code}\n${nameless(error.message)}\n${nameless(error.hint ?? '')}`
}
