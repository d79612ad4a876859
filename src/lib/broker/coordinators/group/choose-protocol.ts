import { javaHash } from '../../../bytes/java-hash.ts'
import { inJavaMapOrder } from '../../java-map-order.ts'
import type { ClassicMember } from './classic-member.ts'

/** Each member votes for the one it likes best of those that all speak. Undefined where there is no such one. */
export function chooseProtocol(members: readonly ClassicMember[]): string | undefined {
  const [first] = members
  const candidates = new Set(
    first?.protocols.map(({ name }) => name).filter((name) => allSpeak(members, name)),
  )
  const votes = new Map<string, number>()
  for (const member of members) {
    const vote = member.protocols.find(({ name }) => candidates.has(name))
    if (vote !== undefined) votes.set(vote.name, (votes.get(vote.name) ?? 0) + 1)
  }
  const most = Math.max(...votes.values())
  return inJavaMapOrder([...votes.keys()], javaHash).find((name) => votes.get(name) === most)
}

export function allSpeak(members: Iterable<ClassicMember>, protocol: string): boolean {
  for (const member of members) {
    if (!member.speaks(protocol)) return false
  }
  return true
}
