import { DataError, FailedError } from '../../errors.ts'
import type { Outcome } from '../../model/outcome.ts'
import { type Change, newPlan, type Plan, type PlanValue, type Step } from '../../model/plan.ts'
import type { UserCredential, UsersView } from '../../model/users.ts'
import type { NewCredential, UsersChanger } from '../../model/users-changer.ts'
import { credentialAsPlan, credentialOfPlan, USERS_PLAN } from '../../operations/users/credential-value.ts'

/**
 * Credentials that are set and deleted. No plan has a password in it: who sets some brings them along, and a plan out of a file can
 * only delete. What a deleted one was made of nobody tells, so nothing brings it back.
 */
export function alterUsersChange(users: UsersChanger & UsersView, brought: readonly NewCredential[]): Change {
  return {
    kind: USERS_PLAN,
    isIrreversible: brought.length === 0,
    async now(_plan, steps) {
      const known = await users.list()
      return steps.map((step): Outcome<PlanValue> => {
        const { user, mechanism } = credentialOf(step)
        const found = known.find((each) => each.user === user && each.mechanism === mechanism)
        return { item: step.item, outcome: found === undefined ? null : credentialAsPlan(found) }
      })
    },
    perform: (_plan, steps) => perform(users, brought, steps),
    // A password may be another one though it looks the same.
    standing: ({ before, after }, now) => {
      if (after === null) return now === null ? 'after' : 'before'
      return isSame(now, before) || isSame(now, withoutPassword(after)) ? 'before' : 'stale'
    },
    isUnseen: ({ after }) => after !== null,
    inverse: deletingWhatIsNew,
  }
}

async function perform(
  users: UsersChanger,
  brought: readonly NewCredential[],
  steps: readonly Step[],
): Promise<readonly Outcome<null>[]> {
  const outcomes: Outcome<null>[] = []
  for (const step of steps) {
    const { user, mechanism } = credentialOf(step)
    const credential = brought.find((each) => each.user === user && each.mechanism === mechanism)
    const [told] =
      step.after === null
        ? await users.delete([{ user, mechanism }])
        : credential === undefined
          ? [{ item: step.item, outcome: noPassword() }]
          : await users.set([credential])
    outcomes.push({ item: step.item, outcome: told?.outcome ?? null })
  }
  return outcomes
}

function withoutPassword(value: PlanValue): PlanValue {
  const credential = credentialOfPlan(value)
  return credential === null ? null : credentialAsPlan(credential)
}

function isSame(a: PlanValue, b: PlanValue): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function deletingWhatIsNew(plan: Plan): Plan | null {
  const fresh = plan.steps.filter(({ before, after }) => before === null && after !== null)
  const steps = fresh.map(({ item, after }) => ({
    item,
    action: 'delete',
    before: withoutPassword(after),
    after: null,
  }))
  return steps.length === 0 ? null : newPlan(plan.kind, plan, steps)
}

function credentialOf(step: Step): UserCredential {
  const credential = credentialOfPlan(step.after ?? step.before)
  if (credential !== null) return credential
  throw new DataError('malformed-plan', `the plan does not say which credential "${step.item}" is`)
}

function noPassword(): FailedError {
  return new FailedError('no-password', 'a plan in a file has no password to set', {
    hint: 'ktool users set does it',
  })
}
