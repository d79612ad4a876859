import { credentialOf } from '../../auth/scram-server.ts'
import { javaHash } from '../../bytes/java-hash.ts'
import { scramMechanisms } from '../../model/users.ts'
import type { RequestOf } from '../../protocol/api.ts'
import { alterUserScramCredentials as api } from '../../protocol/apis/alter-user-scram-credentials.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { ApiError } from '../api-error.ts'
import type { Controller } from '../controller/controller.ts'
import { inJavaMapOrder } from '../java-map-order.ts'
import type { ScramChange } from '../security/scram-records.ts'
import { mustBeAuthorizedOnCluster } from './authorize.ts'
import { handler } from './handler.ts'
import { refusalOf } from './refusal.ts'

type Deletion = RequestOf<typeof api>['deletions'][number]
type Upsertion = RequestOf<typeof api>['upsertions'][number]

const FEWEST_ITERATIONS = 4096
const MOST_ITERATIONS = 16_384
/** The first metadata version that keeps them. */
const KNOWS_SCRAM = 11

export const alterUserScramCredentials = handler(api, async ({ deletions, upsertions }, context) => {
  const { controller } = context.node
  try {
    mustBeAuthorizedOnCluster(context, 'ALTER')
  } catch (cause) {
    const names = new Set([...deletions, ...upsertions].map(({ name }) => name))
    return { results: [...names].sort().map((user) => ({ user, ...refusalOf(cause) })) }
  }
  const wishes = new Wishes(controller)
  for (const deletion of deletions)
    wishes.take('deletion', deletion.name, () => removal(deletion, controller))
  for (const upsertion of upsertions) wishes.take('upsertion', upsertion.name, () => addition(upsertion))
  controller.alterScram(wishes.changes)
  await controller.durable()
  return { results: wishes.results() }
})

/** What is asked of each user: one thing, or none where it is asked for more. */
class Wishes {
  readonly #isUnknown: boolean
  readonly #byKind = {
    deletion: new Map<string, ScramChange>(),
    upsertion: new Map<string, ScramChange>(),
  }
  readonly #refusals = new Map<string, ApiError>()

  constructor(controller: Controller) {
    this.#isUnknown = controller.featureLevel('metadata.version') < KNOWS_SCRAM
  }

  take(kind: 'deletion' | 'upsertion', name: string, change: () => ScramChange): void {
    if (this.#refusals.has(name)) return
    try {
      const { deletion, upsertion } = this.#byKind
      if (deletion.delete(name) || upsertion.delete(name)) throw twice()
      if (this.#isUnknown) throw notKept()
      this.#byKind[kind].set(name, change())
    } catch (refusal) {
      if (!(refusal instanceof ApiError)) throw refusal
      this.#refusals.set(name, refusal)
    }
  }

  get changes(): ScramChange[] {
    return [...inOrder(this.#byKind.deletion), ...inOrder(this.#byKind.upsertion)].map(([, change]) => change)
  }

  results() {
    const done = this.changes.map(({ name }) => ({
      user: name,
      errorCode: errorCodes.NONE,
      errorMessage: null,
    }))
    const refused = inOrder(this.#refusals).map(([user, { code, message }]) => ({
      ...{ user, errorCode: code, errorMessage: message === '' ? null : message },
    }))
    return [...done, ...refused]
  }
}

function removal({ name, mechanism }: Deletion, controller: Controller): ScramChange {
  mustBeNamed(name, mechanism)
  if (controller.scram(name, mechanism) !== undefined) return { name, mechanism, credential: null }
  throw new ApiError('RESOURCE_NOT_FOUND', 'Attempt to delete a user credential that does not exist')
}

function addition({ name, mechanism, iterations, salt, saltedPassword }: Upsertion): ScramChange {
  const mechanismName = mustBeNamed(name, mechanism)
  if (iterations < FEWEST_ITERATIONS) throw new ApiError('UNACCEPTABLE_CREDENTIAL', 'Too few iterations')
  if (iterations > MOST_ITERATIONS) throw new ApiError('UNACCEPTABLE_CREDENTIAL', 'Too many iterations')
  // Java has no keys without a byte.
  if (saltedPassword.length === 0) throw new ApiError('UNKNOWN_SERVER_ERROR')
  const said = { salt: Buffer.from(salt), iterations, saltedPassword: Buffer.from(saltedPassword) }
  return { name, mechanism, credential: credentialOf(mechanismName, said) }
}

function mustBeNamed(name: string, mechanism: number) {
  if (name === '') throw new ApiError('UNACCEPTABLE_CREDENTIAL', 'Username must not be empty')
  const mechanismName = scramMechanisms[mechanism - 1]
  if (mechanismName !== undefined) return mechanismName
  throw new ApiError('UNSUPPORTED_SASL_MECHANISM', 'Unknown SCRAM mechanism')
}

function inOrder<V>(map: ReadonlyMap<string, V>): [string, V][] {
  return inJavaMapOrder([...map], ([name]) => javaHash(name))
}

function twice(): ApiError {
  return new ApiError('DUPLICATE_RESOURCE', 'A user credential cannot be altered twice in the same request')
}

function notKept(): ApiError {
  return new ApiError('UNSUPPORTED_VERSION', 'The current metadata.version does not support SCRAM')
}
