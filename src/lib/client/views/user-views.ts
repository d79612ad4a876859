import { KtoolError } from '../../errors.ts'
import type { Outcome } from '../../model/outcome.ts'
import { scramMechanism, type UserCredential, type UsersView } from '../../model/users.ts'
import type { AnswerOf } from '../../protocol/api.ts'
import { describeUserScramCredentials } from '../../protocol/apis/describe-user-scram-credentials.ts'
import { brokerError } from '../broker-error.ts'
import type { Cluster } from '../cluster.ts'

/** SCRAM credentials, of which brokers tell all but what they are made of. */
export function liveUsers(cluster: Cluster): UsersView {
  return {
    async list() {
      const found = (await askUsers(cluster, null)).flatMap(({ outcome }) => {
        if (outcome instanceof KtoolError) throw outcome
        return outcome
      })
      return found.sort((a, b) => (`${a.user}\0${a.mechanism}` < `${b.user}\0${b.mechanism}` ? -1 : 1))
    },
  }
}

/** Of these users, or of all that have any. */
export async function askUsers(
  cluster: Cluster,
  names: readonly string[] | null,
): Promise<Outcome<readonly UserCredential[]>[]> {
  const users = names?.map((name) => ({ name })) ?? null
  const answer = await cluster.ask(describeUserScramCredentials, { users })
  if (answer.errorCode !== 0) throw brokerError(answer.errorCode, answer.errorMessage)
  return answer.results.map((result) => ({
    item: result.user,
    outcome:
      result.errorCode === 0 ? credentials(result) : brokerError(result.errorCode, result.errorMessage),
  }))
}

type Result = AnswerOf<typeof describeUserScramCredentials>['results'][number]

function credentials({ user, credentialInfos }: Result): UserCredential[] {
  return credentialInfos.map(({ mechanism, iterations }) => ({
    user,
    mechanism: scramMechanism(mechanism),
    iterations,
  }))
}
