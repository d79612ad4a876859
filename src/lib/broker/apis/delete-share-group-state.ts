import { deleteShareGroupState as deleteApi } from '../../protocol/apis/delete-share-group-state.ts'
import { handler } from './handler.ts'
import { isIncomplete, refusalOfStates, shareStateResults } from './share-state-parts.ts'

export const deleteShareGroupState = handler(deleteApi, async (request, context) => {
  const refusal = refusalOfStates(request, context)
  if (refusal !== null) return refusal
  if (isIncomplete(request)) return {}
  const results = await shareStateResults(request, context, {
    name: 'delete share group state',
    ask(states, key) {
      states.delete(key)
      return {}
    },
  })
  return { results }
})
