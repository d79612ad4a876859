import { unregisterBroker as unregisterBrokerApi } from '../../protocol/apis/unregister-broker.ts'
import { ApiError } from '../api-error.ts'
import type { Node } from '../node.ts'
import { mustBeAuthorizedOnCluster } from './authorize.ts'
import { handler } from './handler.ts'
import { refusalOf } from './refusal.ts'

/** A broker that was once registered beside this one is forgotten. */
export const unregisterBroker = handler(unregisterBrokerApi, async ({ brokerId }, context) => {
  try {
    mustBeAuthorizedOnCluster(context, 'ALTER')
    unregister(brokerId, context.node)
    await context.node.controller.durable()
    return { errorMessage: null }
  } catch (cause) {
    return refusalOf(cause)
  }
})

function unregister(brokerId: number, { id, controller }: Node): void {
  if (!controller.image().brokers.has(brokerId)) {
    throw new ApiError('BROKER_ID_NOT_REGISTERED', `Broker ID ${brokerId} is not currently registered`)
  }
  // Kafka does it, and has a cluster without leaders until it starts anew.
  if (brokerId === id) {
    throw new ApiError(
      'POLICY_VIOLATION',
      `Broker ID ${brokerId} is the only broker of this cluster, and it runs`,
    )
  }
  controller.unregisterBroker(brokerId)
}
