import { isDeepStrictEqual } from 'node:util'
import { ConnectionError, FailedError } from '../../errors.ts'
import type { Changers } from '../../model/changers.ts'
import type { Step } from '../../model/plan.ts'
import { partitionOf, replicaList } from '../../operations/partition-item.ts'
import { brokersNow } from './replicas-now.ts'

/** The code of a move that somebody has cancelled. */
export const CANCELLED = 'reassignment-cancelled'

/** Brokers hear of the end of a move one after the other, and all of them within this. */
const LOOKS = 8
const FIRST_PAUSE_MS = 25

/** Of moves that are under way no more, those that are back where they began: somebody has cancelled them. */
export async function cancelledAmong(
  changers: Pick<Changers, 'reassignments' | 'leaders'>,
  ended: readonly Step[],
  signal: AbortSignal,
): Promise<readonly Step[]> {
  let back: readonly Step[] | undefined
  for (let look = 1; look <= LOOKS && !signal.aborted; look += 1) {
    if (look > 1) await changers.reassignments.rest(FIRST_PAUSE_MS * 2 ** (look - 2), signal)
    back = (await stillBack(changers, back ?? ended)) ?? back
    if (back?.length === 0) return []
  }
  // Who did not look to the end cannot say so.
  return signal.aborted ? [] : (back ?? [])
}

/** A broker that is away for a while says nothing about moves that have ended. */
async function stillBack(
  changers: Pick<Changers, 'reassignments' | 'leaders'>,
  steps: readonly Step[],
): Promise<readonly Step[] | undefined> {
  try {
    const now = await brokersNow(
      changers,
      steps.map(({ item }) => partitionOf(item)),
    )
    return steps.filter((step, i) => isBack(step, now[i]?.outcome))
  } catch (error) {
    if (error instanceof ConnectionError) return undefined
    throw error
  }
}

/** In whatever order: that is not remembered. */
function isBack({ before, after }: Step, now: unknown): boolean {
  const [from, to] = [replicaList(before), replicaList(after)]
  if (!Array.isArray(now) || isDeepStrictEqual(now, to)) return false
  return isDeepStrictEqual(now.toSorted(), from.toSorted())
}

export function wasCancelled({ item }: Step): FailedError {
  return new FailedError(CANCELLED, `${item}: somebody has cancelled its move`, {
    hint: 'its replicas are where they were; the same command again begins anew',
    details: { item },
  })
}

export function notBegun({ item }: Step): FailedError {
  return new FailedError(CANCELLED, `${item}: not begun, since somebody has cancelled the moves before it`, {
    hint: 'the same command again does what is left',
    details: { item },
  })
}
