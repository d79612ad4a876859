import { join } from 'node:path'
import { readText } from '../config/text-file.ts'
import { stateFolder, type UserEnvironment } from '../config/user-folders.ts'
import type { Disk, ReadableDisk } from '../ports/disk.ts'
import { replaceText } from '../ports/replace-text.ts'
import type { LocalRow } from './local-row.ts'

/** What is kept of the broker in the background, for those who ask about it later. */
export interface BackgroundRecord extends LocalRow {
  readonly startedMs: number
}

export interface BackgroundFiles {
  readonly record: string
  readonly log: string
}

export function backgroundFiles(user: UserEnvironment): BackgroundFiles {
  const folder = stateFolder(user)
  return { record: join(folder, 'local.json'), log: join(folder, 'local.log') }
}

/** Nothing where none was started. What is no record any more is none. */
export function readRecord(disk: ReadableDisk, { record }: BackgroundFiles): BackgroundRecord | undefined {
  const text = readText(disk, record)
  if (text === undefined) return undefined
  const value = parsed(text)
  return isRecord(value) ? value : undefined
}

export async function keepRecord(
  disk: Disk,
  { record }: BackgroundFiles,
  value: BackgroundRecord,
): Promise<void> {
  await replaceText(disk, record, `${JSON.stringify(value)}\n`)
}

export function dropRecord(disk: Disk, { record }: BackgroundFiles): void {
  if (disk.stat(record) !== undefined) disk.remove(record)
}

/** The JSON in a line that a program has printed; nothing where it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is BackgroundRecord {
  return (
    typeof value === 'object' &&
    value !== null &&
    'pid' in value &&
    typeof value.pid === 'number' &&
    'bootstrap' in value &&
    typeof value.bootstrap === 'string' &&
    'dataDir' in value &&
    typeof value.dataDir === 'string' &&
    'clusterId' in value &&
    typeof value.clusterId === 'string' &&
    'listening' in value &&
    Array.isArray(value.listening)
  )
}
