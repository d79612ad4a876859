import { listGroups as listGroupsApi } from '../../protocol/apis/list-groups.ts'
import { isAuthorized, isAuthorizedOnCluster } from './authorize.ts'
import { handler } from './handler.ts'

export const listGroups = handler(listGroupsApi, (request, context) => {
  const { node } = context
  const seesAll = isAuthorizedOnCluster(context, 'DESCRIBE', true)
  const isWanted = { state: filter(request.statesFilter), type: filter(request.typesFilter) }
  const groups = node.groups
    .list()
    .filter(({ state, type }) => isWanted.state(state) && isWanted.type(type))
    .filter(({ groupId }) => seesAll || isAuthorized(context, 'DESCRIBE', 'GROUP', groupId, true))
    .map(({ groupId, protocolType, state, type }) => ({
      ...{ groupId, protocolType },
      groupState: state,
      groupType: type,
    }))
  return { groups }
})

/** None named: all. In whatever case they are spelled; who names what does not exist finds nothing. */
function filter(named: readonly string[]): (name: string) => boolean {
  const wanted = new Set(named.map((name) => name.toLowerCase()))
  return (name) => wanted.size === 0 || wanted.has(name.toLowerCase())
}
