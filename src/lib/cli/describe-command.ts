import type { Command } from '@oclif/core/command'
import { aliasesOf } from './aliases.ts'
import type { CommandClass } from './base-command.ts'

/** The entry of a command in the manifest. */
export function describeCommand(id: string, command: CommandClass): Command.Cached {
  const { summary, description, usage, examples, args, aliases, strict, hidden = false } = command
  const facts = {
    id,
    summary,
    description: description === undefined ? undefined : unfolded(description),
    usage,
    examples,
    args: named(args),
    flags: named({ ...command.flags, ...command.baseFlags }),
    strict,
    hidden,
    aliases,
    hiddenAliases: [...command.hiddenAliases, ...aliasesOf(id)],
  }
  // Parsers are functions, which only the command itself needs; JSON leaves them out.
  return JSON.parse(JSON.stringify(facts)) as Command.Cached
}

/** Help wants each to know its own name. */
function named<T extends object>(definitions: Record<string, T>): Record<string, T & { name: string }> {
  return Object.fromEntries(Object.entries(definitions).map(([name, each]) => [name, { ...each, name }]))
}

/** Lines end in the source where it is wide enough; help folds paragraphs to the terminal. */
function unfolded(text: string): string {
  return text.replace(/(?<!\n)\n(?!\n)/g, ' ')
}
