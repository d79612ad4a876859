import { BugError } from '../errors.ts'
import { serveStretches } from '../log/verify/stretch-lane.ts'
import { serveLines } from '../output/records/line-thread.ts'
import { systemDisk } from '../ports/system-disk.ts'
import { type ThreadOrders, threadPort } from '../ports/system-threads.ts'

/** Does in a second thread what the first one has started it for. */
export function runThread({ work, port }: ThreadOrders): void {
  if (work === 'record-lines') serveLines(threadPort(port))
  else if (work === 'verify-batches') serveStretches(threadPort(port), systemDisk)
  else throw new BugError('unknown-work', `no thread does "${work}"`)
}
