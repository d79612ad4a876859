import { readShareGroupStateSummary as summaryApi } from '../../protocol/apis/read-share-group-state-summary.ts'
import { handler } from './handler.ts'
import { isIncomplete, refusalOfStates, shareStateResults } from './share-state-parts.ts'

export const readShareGroupStateSummary = handler(summaryApi, async (request, context) => {
  const refusal = refusalOfStates(request, context)
  if (refusal !== null) return refusal
  if (isIncomplete(request)) return {}
  const results = await shareStateResults(request, context, {
    name: 'read share group state summary',
    ask(states, key) {
      const { stateEpoch, leaderEpoch, startOffset, deliveryCompleteCount } = states.summary(key)
      return { stateEpoch, leaderEpoch, startOffset: BigInt(startOffset), deliveryCompleteCount }
    },
  })
  return { results }
})
