import { DataError } from '../errors.ts'
import type { Changers } from '../model/changers.ts'
import type { Change } from '../model/plan.ts'
import { ACLS_PLAN } from '../operations/acls/acl-value.ts'
import { CONFIGS_PLAN } from '../operations/configs/config-value.ts'
import { featurePlans } from '../operations/features/plan-features.ts'
import { ABORT_PLAN } from '../operations/plan-abort.ts'
import { VOTERS_PLAN } from '../operations/quorum/plan-voters.ts'
import { QUOTAS_PLAN } from '../operations/quotas/quota-value.ts'
import { topicPlans } from '../operations/topics/topic-value.ts'
import { USERS_PLAN } from '../operations/users/credential-value.ts'
import { alterAclsChange } from './acls/alter-acls.ts'
import { changeVotersChange } from './cluster/change-voters.ts'
import { updateFeaturesChange } from './cluster/update-features.ts'
import { alterConfigsChange } from './configs/alter-configs.ts'
import { COMMITS_KIND, changeCommits } from './groups/commits.ts'
import { changeDeletedGroups, DELETED_GROUPS_KIND } from './groups/deleted-groups.ts'
import { changeMembers, MEMBERS_KIND } from './groups/members.ts'
import { electChange, electionKinds } from './leaders/elect-change.ts'
import { alterQuotasChange } from './quotas/alter-quotas.ts'
import { CANCEL, cancelChange } from './reassign/cancel-change.ts'
import { REASSIGN, reassignChange } from './reassign/reassign-change.ts'
import { UNTHROTTLE, unthrottleChange } from './reassign/unthrottle-change.ts'
import { addPartitionsChange } from './topics/add-partitions.ts'
import { applyTopicsChange } from './topics/apply-topics.ts'
import { createTopicsChange } from './topics/create-topics.ts'
import { deleteTopicsChange } from './topics/delete-topics.ts'
import { trimTopicsChange } from './topics/trim-topics.ts'
import { abortTransactionsChange } from './txns/abort-transactions.ts'
import { alterUsersChange } from './users/alter-users.ts'

/** Every kind of plan, and what does it. */
const kinds: Readonly<Record<string, (changers: Changers) => Change>> = {
  [ACLS_PLAN]: ({ acls }) => alterAclsChange(acls),
  [QUOTAS_PLAN]: ({ quotas }) => alterQuotasChange(quotas),
  [USERS_PLAN]: ({ users }) => alterUsersChange(users, []),
  [CONFIGS_PLAN]: ({ configs }) => alterConfigsChange(configs),
  [featurePlans.update]: (changers) => updateFeaturesChange(changers, 'update'),
  [featurePlans.unsafe]: (changers) => updateFeaturesChange(changers, 'unsafe'),
  [VOTERS_PLAN]: changeVotersChange,
  [topicPlans.apply]: applyTopicsChange,
  [topicPlans.create]: ({ topics }) => createTopicsChange(topics),
  [topicPlans.delete]: ({ topics }) => deleteTopicsChange(topics),
  [topicPlans.addPartitions]: ({ topics }) => addPartitionsChange(topics),
  [topicPlans.trim]: ({ topics }) => trimTopicsChange(topics),
  [COMMITS_KIND]: ({ groups }) => changeCommits(groups),
  [DELETED_GROUPS_KIND]: ({ groups }) => changeDeletedGroups(groups),
  [MEMBERS_KIND]: ({ groups }) => changeMembers(groups),
  [electionKinds.preferred]: (changers) => electChange(changers, 'preferred'),
  [electionKinds.unclean]: (changers) => electChange(changers, 'unclean'),
  [ABORT_PLAN]: ({ transactions }) => abortTransactionsChange(transactions),
  [REASSIGN]: reassignChange,
  [CANCEL]: cancelChange,
  [UNTHROTTLE]: unthrottleChange,
}

/** How plans of a kind are done; for plans out of files. */
export function changeOfKind(kind: string, changers: Changers): Change {
  const make = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined
  if (make !== undefined) return make(changers)
  throw new DataError('unknown-plan', `this ktool does not know how to do a plan of the kind "${kind}"`, {
    hint: `it knows ${Object.keys(kinds).join(', ')}`,
    details: { kind },
  })
}
