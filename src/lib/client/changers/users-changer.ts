import { ScramKeys } from '../../auth/scram-keys.ts'
import { FailedError } from '../../errors.ts'
import type { Outcome } from '../../model/outcome.ts'
import { scramMechanismId } from '../../model/users.ts'
import type { UsersChanger } from '../../model/users-changer.ts'
import type { QuestionOf } from '../../protocol/api.ts'
import { alterUserScramCredentials } from '../../protocol/apis/alter-user-scram-credentials.ts'
import { brokerError } from '../broker-error.ts'
import type { Cluster } from '../cluster.ts'
import { askController } from '../routing/ask-controller.ts'

export function usersChanger(cluster: Cluster): UsersChanger {
  return {
    set: (credentials) => {
      const upsertions = credentials.map(({ user, mechanism, iterations, salt, password }) => ({
        name: user,
        mechanism: scramMechanismId(mechanism),
        iterations,
        salt: Buffer.from(salt),
        saltedPassword: new ScramKeys(mechanism).saltedPassword(password, salt, iterations),
      }))
      return alter(cluster, credentials, { deletions: [], upsertions })
    },
    delete: (credentials) => {
      const deletions = credentials.map(({ user, mechanism }) => ({
        name: user,
        mechanism: scramMechanismId(mechanism),
      }))
      return alter(cluster, credentials, { deletions, upsertions: [] })
    },
  }
}

/** The answer has a user once, however many credentials of his were asked for. */
async function alter(
  cluster: Cluster,
  credentials: readonly { readonly user: string }[],
  question: QuestionOf<typeof alterUserScramCredentials>,
): Promise<Outcome<null>[]> {
  const { results } = await askController(cluster, alterUserScramCredentials, question, (answer) =>
    answer.results.map(({ errorCode }) => errorCode),
  )
  const told = new Map(
    results.map(({ user, errorCode, errorMessage }) => [
      user,
      errorCode === 0 ? null : brokerError(errorCode, errorMessage),
    ]),
  )
  return credentials.map(({ user }) => {
    const outcome = told.get(user)
    return { item: user, outcome: outcome === undefined ? leftOut(user) : outcome }
  })
}

function leftOut(user: string): FailedError {
  return new FailedError('not-answered', `the broker said nothing of ${user}`)
}
