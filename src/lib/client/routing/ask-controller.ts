import type { AnswerOf, Api, QuestionOf } from '../../protocol/api.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import type { Cluster } from '../cluster.ts'
import type { VersionLimits } from '../connection/broker-versions.ts'

const PAUSE_MS = 100
const TRIES = 5

/**
 * Asks the controller, and its successor where it has moved: until then nothing was changed. `errorsOf` finds the error
 * codes of the answer, whatever the API keeps them in.
 */
export async function askController<A extends Api>(
  cluster: Cluster,
  api: A,
  question: QuestionOf<A>,
  errorsOf: (answer: AnswerOf<A>) => readonly number[],
  limits?: VersionLimits,
): Promise<AnswerOf<A>> {
  for (let tries = 1; ; tries += 1) {
    const controller = await cluster.controller(tries > 1)
    const answer = await cluster.askOf(controller, api, question, limits)
    const hasMoved = errorsOf(answer).includes(errorCodes.NOT_CONTROLLER)
    if (!hasMoved || tries === TRIES || !(await cluster.deadline.pause(PAUSE_MS * tries))) return answer
  }
}
