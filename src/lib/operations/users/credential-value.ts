import { FailedError } from '../../errors.ts'
import {
  isPlanObject,
  newPlan,
  type Planned,
  type PlanOrigin,
  type PlanValue,
  type Step,
} from '../../model/plan.ts'
import type { UserCredential, UsersView } from '../../model/users.ts'

export const USERS_PLAN = 'users.alter'

export function credentialAsPlan({ user, mechanism, iterations }: UserCredential): PlanValue {
  return { user, mechanism, iterations }
}

/** Null where the value is of something else. */
export function credentialOfPlan(value: PlanValue): UserCredential | null {
  if (!isPlanObject(value)) return null
  const { user, mechanism, iterations } = Object.fromEntries(Object.entries(value))
  const isOne = typeof user === 'string' && typeof mechanism === 'string' && typeof iterations === 'number'
  return isOne ? { user, mechanism, iterations } : null
}

export async function planSetUsers(
  view: UsersView,
  credentials: readonly UserCredential[],
  origin: PlanOrigin,
): Promise<Planned> {
  const known = await view.list()
  const steps = credentials.map(({ user, mechanism, iterations }): Step => {
    const credential = { user, mechanism, iterations }
    const before = known.find((each) => isOf(each, credential))
    return {
      item: inWords(credential),
      action: 'set',
      before: before === undefined ? null : credentialAsPlan(before),
      // Nobody can tell whether a password is the same as before: it is always set.
      after: { ...credential, password: '(secret)' },
    }
  })
  return { plan: newPlan(USERS_PLAN, origin, steps), failures: [] }
}

/** Of a mechanism, or of all that each has. A user without any is not there. */
export async function planDeletedUsers(
  view: UsersView,
  users: readonly string[],
  mechanism: string | undefined,
  origin: PlanOrigin,
): Promise<Planned> {
  const known = await view.list()
  const meant = users.map((user) => ({
    user,
    own: known.filter((each) => each.user === user && (mechanism ?? each.mechanism) === each.mechanism),
  }))
  const steps = meant.flatMap(({ own }) =>
    own.map(
      (credential): Step => ({
        item: inWords(credential),
        action: 'delete',
        before: credentialAsPlan(credential),
        after: null,
      }),
    ),
  )
  const failures = meant.flatMap(({ user, own }) =>
    own.length > 0 ? [] : [{ item: user, error: notFound(user, mechanism) }],
  )
  return { plan: newPlan(USERS_PLAN, origin, steps), failures }
}

function isOf(a: UserCredential, b: UserCredential): boolean {
  return a.user === b.user && a.mechanism === b.mechanism
}

function inWords({ user, mechanism }: UserCredential): string {
  return `${user} ${mechanism}`
}

function notFound(user: string, mechanism: string | undefined): FailedError {
  const what = mechanism === undefined ? 'SCRAM credential' : `credential of ${mechanism}`
  return new FailedError('user-not-found', `the user "${user}" has no ${what}`, {
    hint: 'ktool users list shows who has one',
  })
}
