import { isDeepStrictEqual } from 'node:util'
import { FailedError } from '../../errors.ts'
import type { Changers } from '../../model/changers.ts'
import type { Step } from '../../model/plan.ts'
import { replicaList } from '../../operations/partition-item.ts'
import { replicasNow } from './replicas-now.ts'

/** Brokers hear of the end of a move one after the other, and all of them within this. */
const LOOKS = 8
const FIRST_PAUSE_MS = 25

/** Of moves that are under way no more, those that are back where they began: somebody has cancelled them. */
export async function cancelledAmong(
  changers: Pick<Changers, 'reassignments' | 'leaders'>,
  ended: readonly Step[],
  signal: AbortSignal,
): Promise<readonly Step[]> {
  let back = ended
  for (let look = 1; back.length > 0; look += 1) {
    const now = await replicasNow(changers, back)
    back = back.filter((step, i) => isBack(step, now[i]?.outcome))
    if (look === LOOKS) break
    if (back.length > 0) await changers.reassignments.rest(FIRST_PAUSE_MS * 2 ** (look - 1), signal)
  }
  return back
}

/** In whatever order: that is not remembered. */
function isBack({ before, after }: Step, now: unknown): boolean {
  if (!Array.isArray(now) || isDeepStrictEqual(now, after)) return false
  return isDeepStrictEqual(now.toSorted(), replicaList(before).toSorted())
}

export function wasCancelled({ item }: Step): FailedError {
  return new FailedError('reassignment-cancelled', `${item}: somebody has cancelled its move`, {
    hint: 'its replicas are where they were; the same command again begins anew',
    details: { item },
  })
}

export function notBegun({ item }: Step): FailedError {
  return new FailedError(
    'reassignment-cancelled',
    `${item}: not begun, since somebody has cancelled the moves before it`,
    { hint: 'the same command again does what is left', details: { item } },
  )
}
