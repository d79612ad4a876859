import { BugError } from '../errors.ts'
import { serveLines } from '../output/records/line-thread.ts'
import { type ThreadOrders, threadPort } from '../ports/system-threads.ts'

/** Does in a second thread what the first one has started it for. */
export function runThread({ work, port }: ThreadOrders): void {
  if (work !== 'record-lines') throw new BugError('unknown-work', `no thread does "${work}"`)
  serveLines(threadPort(port))
}
