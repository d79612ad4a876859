import { brokerProcess } from '../../support/broker-process.ts'

export interface LocalBroker {
  readonly bootstrap: string
  stop(): Promise<number | null>
  /** As a crash would. */
  kill(): Promise<unknown>
}

/** `ktool broker --local` on a free port, with a directory that goes with it. */
export async function startLocalBroker(flags: readonly string[] = ['--ephemeral']): Promise<LocalBroker> {
  const { ready, end } = await brokerProcess('--port=0', ...flags)
  return { bootstrap: ready.bootstrap, stop: () => end(), kill: () => end('SIGKILL') }
}
