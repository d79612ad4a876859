import { readShareGroupState as readApi } from '../../protocol/apis/read-share-group-state.ts'
import { wireBatch } from '../coordinators/share/share-state-records.ts'
import { handler } from './handler.ts'
import { isIncomplete, refusalOfStates, shareStateResults } from './share-state-parts.ts'

export const readShareGroupState = handler(readApi, async (request, context) => {
  const refusal = refusalOfStates(request, context)
  if (refusal !== null) return refusal
  if (isIncomplete(request)) return {}
  const results = await shareStateResults(request, context, {
    name: 'read share group state',
    ask(states, key, { leaderEpoch }) {
      const { stateEpoch, startOffset, batches } = states.read({ ...key, leaderEpoch })
      return { stateEpoch, startOffset: BigInt(startOffset), stateBatches: batches.map(wireBatch) }
    },
  })
  return { results }
})
