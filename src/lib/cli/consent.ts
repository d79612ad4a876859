import { UsageError } from '../errors.ts'
import type { Change } from '../model/plan.ts'
import type { Surroundings } from './surroundings.ts'

export interface ConsentFlags {
  readonly yes?: boolean | undefined
  readonly confirm?: string | undefined
}

/** What somebody is asked to agree to. */
export interface Question {
  /** As the beginning of a sentence: `delete 3 topics`. */
  readonly text: string
  /** What has to be typed; null where a yes will do. */
  readonly name: string | null
}

type Facts = Pick<Surroundings, 'stdin' | 'stderr' | 'environment' | 'streams'>

/** Whether somebody sits there who can be asked. A build machine may have a terminal, and nobody at it. */
export function someoneIsThere({ stdin, stderr, environment }: Omit<Facts, 'streams'>): boolean {
  const { CI } = environment
  const isBuild = CI !== undefined && CI !== '' && CI !== 'false' && CI !== '0'
  return stdin.isTerminal && stderr.isTerminal && !isBuild
}

/**
 * A change that is irreversible is agreed to by its item's name, or how many there are of them; in a protected context by the
 * name of the context, and both together are `prod/orders`.
 */
export function nameToType(
  change: Pick<Change, 'isIrreversible'>,
  items: readonly string[],
  context: { readonly name: string; readonly isProtected: boolean } | null,
): string | null {
  const [first = ''] = items
  const what = items.length === 1 ? first : `${items.length} items`
  const name = change.isIrreversible ? [what] : []
  const where = context?.isProtected === true ? [context.name] : []
  const parts = [...where, ...name]
  return parts.length === 0 ? null : parts.join('/')
}

/** Before anything is asked of a cluster: a script that forgot to agree is told so at once. */
export function mustBeAnswerable(flags: ConsentFlags, facts: Omit<Facts, 'streams'>): void {
  if (flags.yes === true || flags.confirm !== undefined || someoneIsThere(facts)) return
  throw new UsageError('not-confirmed', 'nobody is here to be asked, and --yes was not given', {
    hint: 'look at the plan with --dry-run, then run it again with --yes',
  })
}

/** Returns whether a person was asked, which may have taken long. Throws where it is not agreed to. */
export async function agree(question: Question, flags: ConsentFlags, facts: Facts): Promise<boolean> {
  const { text, name } = question
  if (name === null ? isAgreed(flags) : flags.confirm === name) return false
  if (name !== null && flags.confirm !== undefined) throw wrongName(flags.confirm, name)
  if (!someoneIsThere(facts)) throw nameIsMissing(name ?? '')
  const { askForName, askYes } = await import('../prompts/ask-consent.ts')
  const { stdin, stderr } = facts.streams()
  const streams = { input: stdin, output: stderr }
  if (name === null) await askYes(`${text}?`, streams)
  else await askForName(`${text}?`, name, streams)
  return true
}

function isAgreed({ yes, confirm }: ConsentFlags): boolean {
  return yes === true || confirm !== undefined
}

function nameIsMissing(name: string): UsageError {
  return new UsageError('not-confirmed', 'this cannot be undone, or its context is protected: confirm it', {
    hint: `look at the plan with --dry-run, then run it again with --confirm ${quoted(name)}`,
    details: { confirm: name },
  })
}

function wrongName(given: string, name: string): UsageError {
  return new UsageError('wrong-name', `--confirm "${given}" is not what this would change`, {
    hint: `if this is meant: --confirm ${quoted(name)}`,
    details: { confirm: name },
  })
}

/** As a shell takes it. */
function quoted(name: string): string {
  return /^[\w./:-]+$/.test(name) ? name : `'${name.replaceAll("'", `'\\''`)}'`
}
