import { javaHash } from '../../bytes/java-hash.ts'
import { scramMechanismId, scramMechanisms } from '../../model/users.ts'
import type { ResponseOf } from '../../protocol/api.ts'
import { describeUserScramCredentials as api } from '../../protocol/apis/describe-user-scram-credentials.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { inJavaMapOrder } from '../java-map-order.ts'
import type { Node } from '../node.ts'
import { isAuthorizedOnCluster, unauthorized } from './authorize.ts'
import { handler, neverAnswered, type Reply } from './handler.ts'

type Result = NonNullable<ResponseOf<typeof api>['results']>[number]

/** Names nobody: everybody is meant. */
export const describeUserScramCredentials = handler(
  api,
  ({ users }, context): Reply<ResponseOf<typeof api>> => {
    const { node } = context
    if (!isAuthorizedOnCluster(context, 'DESCRIBE')) {
      const { code } = unauthorized('CLUSTER')
      // Kafka's refusal looks for the names, and fails where there are none
      if (users === null) return neverAnswered
      const error = { errorCode: code, errorMessage: null }
      return { ...error, results: users.map(() => error) }
    }
    const asked = (users ?? []).map(({ name }) => name)
    const names = asked.length > 0 ? asked : node.controller.image().scram.map(({ user }) => user)
    const isRepeated = (name: string) => asked.indexOf(name) !== asked.lastIndexOf(name)
    const inOrder = inJavaMapOrder([...new Set(names)], javaHash)
    return { errorMessage: '', results: inOrder.map((user) => resultOf(user, isRepeated(user), node)) }
  },
)

function resultOf(user: string, isRepeated: boolean, { controller }: Node): Result {
  if (isRepeated) {
    const errorMessage = `Cannot describe SCRAM credentials for the same user twice in a single request: ${user}`
    return { user, errorCode: errorCodes.DUPLICATE_RESOURCE, errorMessage }
  }
  const credentialInfos = scramMechanisms.flatMap((mechanismName) => {
    const mechanism = scramMechanismId(mechanismName)
    const known = controller.scram(user, mechanism)
    return known === undefined ? [] : [{ mechanism, iterations: known.iterations }]
  })
  if (credentialInfos.length > 0) return { user, credentialInfos }
  const errorMessage = `Attempt to describe a user credential that does not exist: ${user}`
  return { user, errorCode: errorCodes.RESOURCE_NOT_FOUND, errorMessage }
}
