import { type CheckFailed, FailedError, type KtoolError } from '../errors.ts'
import type { AclsView } from './acls.ts'
import type { ClusterView } from './cluster.ts'
import type { ConfigsView } from './configs.ts'
import type { GroupsView } from './groups.ts'
import type { OffsetsView } from './offsets.ts'
import type { QuotasView } from './quotas.ts'
import type { RecordsView } from './records.ts'
import type { TopicsView } from './topics.ts'
import type { TransactionsView } from './transactions.ts'
import type { UsersView } from './users.ts'

/**
 * What a place can tell, one view a noun. A live cluster and a set of log directories are two makers of them;
 * who asks a view does not know which it is, but for what each figure says of itself.
 */
export interface Views {
  readonly topics: Maybe<TopicsView>
  readonly configs: Maybe<ConfigsView>
  readonly acls: Maybe<AclsView>
  readonly users: Maybe<UsersView>
  readonly quotas: Maybe<QuotasView>
  readonly cluster: Maybe<ClusterView>
  readonly records: Maybe<RecordsView>
  readonly groups: Maybe<GroupsView>
  readonly offsets: Maybe<OffsetsView>
  readonly transactions: Maybe<TransactionsView>
  /** What the place has to say beside its answers, as sentences: to be asked for when they are there. */
  notes(): readonly string[]
  /** Parts of the place that could not be opened, while the others were: what lies there is missing in every answer. */
  unread(): readonly Unread[]
  /** What is told of the cluster may not be all: some of what it was told to remember cannot be read. */
  trouble(): CheckFailed | null
}

export interface Unread {
  readonly item: string
  readonly error: KtoolError
}

export interface Served<View> {
  readonly view: View
}

/** A view that a place does not have, with the reason for the user. */
export interface NotServed {
  readonly view?: undefined
  /** As a sentence: why not, and what would have it. */
  readonly reason: string
  readonly hint?: string
}

export type Maybe<View> = Served<View> | NotServed

/** The view, or an error that says why this place has none. */
export function served<View>(maybe: Maybe<View>): View {
  if (!('reason' in maybe)) return maybe.view
  throw new FailedError('not-known-here', maybe.reason, { hint: maybe.hint })
}
