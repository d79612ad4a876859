import { toInt64 } from '../../bytes/int64.ts'
import { initializeShareGroupState as initializeApi } from '../../protocol/apis/initialize-share-group-state.ts'
import { handler } from './handler.ts'
import { refusalOfStates, shareStateResults } from './share-state-parts.ts'

export const initializeShareGroupState = handler(initializeApi, async (request, context) => {
  const refusal = refusalOfStates(request, context)
  if (refusal !== null) return refusal
  if (request.groupId === '') return {}
  const results = await shareStateResults(request, context, {
    name: 'initialize share group state',
    ask(states, key, { stateEpoch, startOffset }) {
      states.initialise({ ...key, stateEpoch, startOffset: toInt64(startOffset) })
      return {}
    },
  })
  return { results }
})
