import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Surroundings } from '../../src/lib/cli/surroundings.ts'
import { type BrokerInProcess, brokerInProcess } from './broker-in-process.ts'
import { type RecordingProxy, recordingProxy } from './recording-proxy.ts'
import { jsonLive, runLive } from './run-live.ts'

/** A broker behind a proxy that writes down what it is asked, and a user with a home of his own. */
export interface ChangeRoom extends AsyncDisposable {
  readonly broker: BrokerInProcess
  readonly proxy: RecordingProxy
  readonly folder: string
  path(name: string): string
  /** As people see it. */
  said(name: string, argv: readonly string[], overrides?: Partial<Surroundings>): ReturnType<typeof runLive>
  /** The rows, and what went wrong. */
  rows(name: string, ...argv: string[]): ReturnType<typeof jsonLive>
  /** Files that would undo what was done, the oldest first. */
  rollbacks(): string[]
  modeOf(path: string): number
}

export async function changeRoom(settings: Readonly<Record<string, string>> = {}): Promise<ChangeRoom> {
  const proxy = await recordingProxy()
  const advertised = { host: '127.0.0.1', port: proxy.port }
  const broker = await brokerInProcess({
    settings,
    listeners: [{ name: 'PLAINTEXT', hosts: ['127.0.0.1'], port: 0, advertised }],
  })
  const [bound] = broker.broker.bound
  proxy.leadTo(bound?.port ?? 0)
  const folder = mkdtempSync(join(tmpdir(), 'ktool-change-'))
  const environment = { XDG_STATE_HOME: join(folder, 'state'), XDG_CONFIG_HOME: join(folder, 'config') }
  const rollbackFolder = join(folder, 'state', 'ktool', 'rollback')
  return {
    broker,
    proxy,
    folder,
    path: (name) => join(folder, name),
    said: (name, argv, overrides = {}) => runLive(name, proxy.bootstrap, argv, { environment, ...overrides }),
    rows: (name, ...argv) => jsonLive(name, proxy.bootstrap, argv, { environment }),
    rollbacks: () => {
      try {
        return readdirSync(rollbackFolder)
          .sort()
          .map((name) => join(rollbackFolder, name))
      } catch {
        return []
      }
    },
    modeOf: (path) => statSync(path).mode & 0o777,
    [Symbol.asyncDispose]: async () => {
      await proxy[Symbol.asyncDispose]()
      await broker[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
