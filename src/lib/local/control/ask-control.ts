import { join, resolve } from 'node:path'
import { dataFolder, type UserEnvironment } from '../../config/user-folders.ts'
import { ConnectionError, FailedError, UsageError } from '../../errors.ts'
import { askByHttp } from '../../network/ask-by-http.ts'
import type { Clock } from '../../ports/clock.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import type { Network } from '../../ports/network.ts'
import type { Processes } from '../../ports/processes.ts'
import { backgroundFiles, readRecord } from '../background-record.ts'
import { type ControlPlace, readControlPlace, readToken } from './control-files.ts'

const PATIENCE_MS = 10_000

export interface ControlWorld extends UserEnvironment {
  readonly disk: ReadableDisk
  readonly clock: Clock
  readonly network: Network
  readonly processes: Pick<Processes, 'isAlive'>
}

export interface ControlQuestion {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly body?: unknown
}

/** The variable by which a program that a broker runs around tells its own commands which broker is meant. */
export const DATA_DIR_VARIABLE = 'KTOOL_BROKER_DATA_DIR'

/** Of the broker that is meant: on the directory that was typed, or around us, or in the background, or on the usual one. */
export function controlledDir(typed: string | undefined, world: ControlWorld): string {
  if (typed !== undefined) return resolve(typed)
  const around = world.environment[DATA_DIR_VARIABLE]
  if (around) return around
  const record = readRecord(world.disk, backgroundFiles(world))
  if (record !== undefined && world.processes.isAlive(record.pid)) return record.dataDir
  return join(dataFolder(world), 'local')
}

/** What the broker on this directory answers; what it refuses is thrown as if it were ours. */
export async function askControl(
  dataDir: string,
  { method, path, body }: ControlQuestion,
  world: ControlWorld,
): Promise<unknown> {
  const place = readControlPlace(world.disk, dataDir)
  if (place === undefined) throw noBroker(dataDir)
  const question = {
    ...{ method, ...wayTo(place, path, dataDir), trust: null, patienceMs: PATIENCE_MS },
    headers: {
      Authorization: `Bearer ${readToken(world.disk, dataDir)}`,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    body: body === undefined ? '' : JSON.stringify(body),
  }
  const answer = await askByHttp(question, world).catch((cause: unknown) => {
    throw cause instanceof ConnectionError && cause.code !== 'request-timed-out' ? noBroker(dataDir) : cause
  })
  const json: unknown = JSON.parse(answer.body.toString('utf8'))
  if (answer.status >= 400) throw refusalIn(json, answer.status)
  return json
}

function wayTo({ socket, url }: ControlPlace, path: string, dataDir: string): { url: URL; file?: string } {
  if (socket !== null) return { url: new URL(path, 'http://localhost'), file: socket }
  if (url !== null) return { url: new URL(path, url) }
  throw new FailedError('no-control', `the broker on ${dataDir} cannot be controlled from outside`, {
    hint: 'start it with --control PORT',
  })
}

function noBroker(dataDir: string): FailedError {
  return new FailedError('no-broker', `no local broker of this ktool runs on ${dataDir}`, {
    hint: 'ktool broker start starts one in the background; --data-dir says on which directory another one works',
    details: { dataDir },
  })
}

function refusalIn(json: unknown, status: number): FailedError | UsageError {
  const { error } = json as { error?: { code?: string; message?: string; hint?: string | null } }
  const { code = 'control-refused', message = `the broker answered with ${status}`, hint } = error ?? {}
  const facts = typeof hint === 'string' ? { hint } : {}
  return status === 400 ? new UsageError(code, message, facts) : new FailedError(code, message, facts)
}
