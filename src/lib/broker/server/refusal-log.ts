import type { KtoolError } from '../../errors.ts'
import type { Clock } from '../../ports/clock.ts'
import type { LogSink } from '../../ports/log-sink.ts'
import { FewLines } from '../few-lines.ts'

/** One line for each connection that was cut off. */
export class RefusalLog {
  readonly #lines: FewLines

  constructor(log: LogSink, clock: Clock) {
    this.#lines = new FewLines(log, clock, 'closed more connections')
  }

  refused(peer: string, error: KtoolError, facts: Record<string, unknown> = {}): void {
    this.#lines.warn('closed a connection', { peer, reason: error.message, ...facts })
  }
}
