import type { ThreadPort } from '../../ports/threads.ts'
import { type LineBlock, LineMaker } from './line-block.ts'

/** Nothing is sent to a thread that has not said it. */
export const READY = 'ready'

/** What the second thread does: lines of every block that comes. */
export function serveLines(port: ThreadPort): void {
  const maker = new LineMaker()
  port.onMessage((block) => port.send(maker.answer(block as LineBlock)))
  port.send(READY)
}
