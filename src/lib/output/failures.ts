import type { KtoolError } from '../errors.ts'
import type { ItemFailure } from '../model/outcome.ts'
import { gatherAlike, namesOf } from './alike.ts'
import { failureObject, jsonLine } from './json.ts'
import type { Outlet } from './outlet.ts'
import { paint } from './paint.ts'
import { sanitiseLines } from './sanitise.ts'
import { toJson, type Value } from './value.ts'

/** Says what ended the command, and what to try next: in words, or as JSON when the output is JSON. */
export async function writeError(stderr: Outlet, error: KtoolError, isJson: boolean): Promise<void> {
  const { code, message, hint, details } = error
  const object = { code, message, hint: hint ?? null, details: toJson(details as { [key: string]: Value }) }
  await stderr.write(isJson ? `${jsonLine({ error: object })}\n` : inWords(stderr, message, hint))
}

/** Says which items failed; the others went on. People are told a reason once. */
export async function writeFailures(
  stderr: Outlet,
  failures: readonly ItemFailure[],
  isJson: boolean,
): Promise<void> {
  if (isJson) {
    for (const failure of failures) await stderr.write(`${jsonLine({ error: failureObject(failure) })}\n`)
    return
  }
  for (const { failure, others } of gatherAlike(failures)) {
    const { item, error } = failure
    await stderr.write(inWords(stderr, naming(item, error.message), error.hint))
    if (others.length > 0) {
      await stderr.write(`  the same of ${others.length} more: ${inLines(namesOf(others))}\n`)
    }
  }
}

/** Many messages name what they are about; the others get it in front. */
function naming(item: string, message: string): string {
  if (item === '') return `"": ${message}`
  const isNamed = message.startsWith(`${item} `) || message.includes(item.includes('/') ? item : `"${item}"`)
  return isNamed ? message : `${item}: ${message}`
}

/** Talk for people beside the data. */
export async function writeNote(stderr: Outlet, note: string): Promise<void> {
  await stderr.write(`${inLines(note)}\n`)
}

function inWords(stderr: Outlet, message: string, hint: string | undefined): string {
  const first = `${paint('Error:', 'red', stderr)} ${inLines(message)}\n`
  return hint === undefined ? first : `${first}  ${inLines(hint).replaceAll('\n', '\n  ')}\n`
}

/** Some brokers end their lines as Windows does, which is nothing to show. */
function inLines(text: string): string {
  return sanitiseLines(text.replaceAll('\r\n', '\n'))
}
