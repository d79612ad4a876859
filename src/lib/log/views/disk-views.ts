import type { NotServed, Views } from '../../model/views.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { openLogDirectories } from '../cluster/log-directories.ts'

/** What log directories can tell. Nothing in them is changed. */
export function diskViews(disk: ReadableDisk, paths: readonly string[]): Views {
  const directories = openLogDirectories(disk, paths)
  const none: NotServed = { reason: 'not yet' }
  return {
    topics: none,
    configs: none,
    acls: none,
    users: none,
    quotas: none,
    cluster: none,
    notes: () => directories.warnings,
  }
}
