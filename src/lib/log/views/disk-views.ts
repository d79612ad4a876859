import type { NotServed, Views } from '../../model/views.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { type LogDirectories, openLogDirectories } from '../cluster/log-directories.ts'
import type { MetadataImage } from '../cluster/metadata-image.ts'
import { BorrowedCopies } from './borrowed-copies.ts'
import { diskCluster } from './cluster-views.ts'
import { diskConfigs } from './config-views.ts'
import { diskGroups } from './group-views.ts'
import { diskOffsets } from './offset-views.ts'
import { diskRecords } from './records/disk-records.ts'
import { diskAcls, diskQuotas, diskUsers } from './security-views.ts'
import { diskTopics } from './topic-views.ts'
import { diskTransactions } from './transaction-views.ts'

/** What log directories can tell. Nothing in them is changed. */
export function diskViews(disk: ReadableDisk, paths: readonly string[]): Views {
  const directories = openLogDirectories(disk, paths)
  const image = directories.metadata
  const problems = new Set<string>()
  const warn = (sentence: string) => void problems.add(sentence)
  const borrowed = new BorrowedCopies()
  const offsets = diskOffsets(disk, directories, warn)
  return {
    topics: { view: diskTopics(disk, directories, offsets) },
    cluster: { view: diskCluster(disk, directories) },
    offsets: { view: offsets },
    groups: { view: diskGroups(disk, directories, warn, borrowed) },
    transactions: { view: diskTransactions(disk, directories, warn, borrowed) },
    records: { view: diskRecords(disk, directories, borrowed) },
    ...ofMetadata(image, directories),
    notes: () => [...directories.warnings, ...problems, ...borrowed.notes()],
    unread: () => directories.unread,
    trouble: () => directories.metadataTrouble,
  }
}

type FromMetadata = Pick<Views, 'configs' | 'acls' | 'users' | 'quotas'>

function ofMetadata(image: MetadataImage | null, directories: LogDirectories): FromMetadata {
  if (image !== null) {
    return {
      configs: { view: diskConfigs(image) },
      acls: { view: diskAcls(image) },
      users: { view: diskUsers(image) },
      quotas: { view: diskQuotas(image) },
    }
  }
  const none = (what: string): NotServed => ({
    reason: `this disk has no ${what}: ${directories.noMetadata}`,
  })
  return { configs: none('configs'), acls: none('ACLs'), users: none('users'), quotas: none('quotas') }
}
