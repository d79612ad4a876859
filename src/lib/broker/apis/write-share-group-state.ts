import { toInt64 } from '../../bytes/int64.ts'
import { writeShareGroupState as writeApi } from '../../protocol/apis/write-share-group-state.ts'
import { batchOf } from '../coordinators/share/share-state-records.ts'
import { handler } from './handler.ts'
import { isIncomplete, refusalOfStates, shareStateResults } from './share-state-parts.ts'

export const writeShareGroupState = handler(writeApi, async (request, context) => {
  const refusal = refusalOfStates(request, context)
  if (refusal !== null) return refusal
  if (isIncomplete(request)) return {}
  const results = await shareStateResults(request, context, {
    name: 'write share group state',
    ask(states, key, { startOffset, stateBatches, ...rest }) {
      states.write({ ...rest, ...key, startOffset: toInt64(startOffset), batches: stateBatches.map(batchOf) })
      return {}
    },
  })
  return { results }
})
