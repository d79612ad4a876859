import { BugError, KtoolError } from '../errors.ts'
import { writeError, writeNote } from '../output/failures.ts'
import type { Outlet } from '../output/outlet.ts'
import { isJson } from '../output/render.ts'
import type { About } from './oclif-config.ts'

export interface Manner {
  readonly format: string | undefined
  readonly isVerbose: boolean
}

/** Everything that was not thrown on purpose is a bug of ours. */
export function asKtoolError(error: unknown, { name, version }: Pick<About, 'name' | 'version'>): KtoolError {
  if (error instanceof KtoolError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new BugError('bug', `ktool has a bug: ${message}`, {
    cause: error,
    hint: `please report it, with the command and ${name}/${version}; -v shows where it happened`,
  })
}

/** Tells the error; with `-v` also where it came from. The command line is never part of it. */
export async function report(error: KtoolError, stderr: Outlet, manner: Manner): Promise<void> {
  // Where even stderr cannot be written, the exit code is all that is left to say.
  await tell(error, stderr, manner).catch(() => undefined)
}

async function tell(error: KtoolError, stderr: Outlet, { format, isVerbose }: Manner): Promise<void> {
  const asJson = isJson(format ?? '')
  const origin = isVerbose ? originOf(error) : undefined
  if (asJson && origin !== undefined) error.details.stack = origin
  await writeError(stderr, error, asJson)
  if (!asJson && origin !== undefined) await writeNote(stderr, origin)
}

function originOf(error: KtoolError): string {
  const origin = error.cause instanceof Error ? error.cause : error
  return origin.stack ?? String(origin)
}
