import { join } from 'node:path'
import { contextsFile, keepContext } from '../config/contexts.ts'
import { parseAddress } from '../config/listeners.ts'
import type { UserEnvironment } from '../config/user-folders.ts'
import { Cancelled, exitCodes, FailedError, type KtoolError, UsageError } from '../errors.ts'
import type { Disk } from '../ports/disk.ts'
import type { BackgroundProcess } from '../ports/processes.ts'
import {
  type BackgroundFiles,
  type BackgroundRecord,
  backgroundFiles,
  keepRecord,
  parsed,
} from './background-record.ts'
import { type BackgroundWorld, backgroundStatus } from './background-status.ts'
import { argumentsOf } from './local-arguments.ts'
import { directoriesOf, type LocalRow } from './local-row.ts'
import { DEFAULT_PORT, type LocalFlags, wishOf } from './local-wish.ts'
import { logTail } from './log-tail.ts'
import { aborted } from './serve.ts'
import type { TopicWish } from './topic-wish.ts'

export interface StartWorld extends BackgroundWorld, UserEnvironment {
  readonly disk: Disk
  readonly stop: AbortSignal
}

export interface Started {
  readonly record: BackgroundRecord
  /** It ran already, as it was asked for, but for topics that it may not have. */
  readonly isOld: boolean
  readonly topics: readonly TopicWish[]
  readonly files: BackgroundFiles
}

/** By this name commands find the broker without being told where it is. */
export const CONTEXT = 'local'

export async function startBackground(flags: LocalFlags, world: StartWorld): Promise<Started> {
  const files = backgroundFiles(world)
  const wish = wishOf(flags, { port: DEFAULT_PORT, isEphemeral: false }, world)
  const { state, record: known } = await backgroundStatus(files, world)
  if (state === 'running' && known !== undefined) {
    checkSameBroker(known, wish.dirs?.dataDirs, flags.port)
    return { record: known, isOld: true, topics: wish.topics, files }
  }
  world.disk.makeFolder(join(files.record, '..'))
  const startedMs = world.clock.nowMs()
  const row = await untilReady(argumentsOf(flags, wish.dirs?.dataDirs ?? []), files, world)
  const record = { ...row, startedMs }
  await keepRecord(world.disk, files, record)
  const { bootstrap, dataDir, clientConfig } = row
  // Another directory is another cluster.
  await keepContext(world.disk, contextsFile(world), CONTEXT, {
    ...{ bootstrap, dataDir, clusterId: undefined },
    commandConfig: clientConfig ?? undefined,
  })
  return { record, isOld: false, topics: wish.topics, files }
}

/** That which runs must be the one that is asked for: its directory, and its port where one is said. */
function checkSameBroker(
  record: BackgroundRecord,
  dataDirs: readonly string[] | undefined,
  port: number | undefined,
): void {
  const known = record.dataDirs ?? [record.dataDir]
  const isThere = record.isEphemeral ? dataDirs === undefined : dataDirs?.join() === known.join()
  const ports = record.listening.map((address) => parseAddress(address)?.port)
  const isReachable = port === undefined || port === 0 || ports.includes(port)
  if (isThere && isReachable) return
  const where = isThere ? `at ${record.bootstrap}` : `on ${directoriesOf(record)}`
  throw new FailedError('broker-running', `a local broker runs already, ${where}`, {
    hint: 'ktool broker stop ends it',
    details: { pid: record.pid, dataDir: record.dataDir, bootstrap: record.bootstrap },
  })
}

async function untilReady(
  args: readonly string[],
  files: BackgroundFiles,
  world: StartWorld,
): Promise<LocalRow> {
  const { disk, processes, environment } = world
  const oldBytes = disk.stat(files.log)?.sizeBytes ?? 0
  const child = processes.runInBackground(args, environment, files.log)
  const line = await Promise.race([child.firstLine, aborted(world.stop)])
  if (world.stop.aborted) throw await givenUp(child, world)
  const row = line === undefined ? undefined : parsed(line)
  if (row === undefined) throw whyNot(await child.ended, disk, files, oldBytes)
  child.leave()
  return row as LocalRow
}

async function givenUp(child: BackgroundProcess, { processes }: StartWorld): Promise<KtoolError> {
  processes.signal(child.id, 'SIGTERM')
  await child.ended
  return new Cancelled('start-given-up', 'the broker was told to stop before it was ready')
}

/** What it said itself, as the last line of JSON in its log; it is its error as much as it would be ours. */
function whyNot(status: number, disk: Disk, files: BackgroundFiles, fromBytes: number): KtoolError {
  const lines = logTail(disk, files.log, fromBytes).split('\n')
  const said = lines.map((line) => errorIn(parsed(line))).findLast((error) => error !== undefined)
  const facts = { hint: said?.hint ?? `its log is ${files.log}`, details: { log: files.log } }
  const message = said?.message ?? `the broker ended with exit code ${status} before it was ready`
  const code = said?.code ?? 'broker-ended'
  return status === exitCodes.usage
    ? new UsageError(code, message, facts)
    : new FailedError(code, message, facts)
}

interface SaidError {
  readonly code: string
  readonly message: string
  readonly hint: string | null
}

function errorIn(value: unknown): SaidError | undefined {
  if (typeof value !== 'object' || value === null || !('error' in value)) return undefined
  const { error } = value
  const isSaid = typeof error === 'object' && error !== null && 'message' in error && 'code' in error
  return isSaid ? (error as SaidError) : undefined
}
