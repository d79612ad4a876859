import type { Command } from '@oclif/core/command'
import { aliasesOf } from './aliases.ts'
import type { CommandClass } from './base-command.ts'

/** The entry of a command in the manifest. */
export function describeCommand(id: string, command: CommandClass): Command.Cached {
  const { summary, description, usage, examples, args, aliases, strict, hidden = false } = command
  const facts = {
    id,
    summary,
    description,
    usage,
    examples,
    args,
    flags: { ...command.flags, ...command.baseFlags },
    strict,
    hidden,
    aliases,
    hiddenAliases: [...command.hiddenAliases, ...aliasesOf(id)],
  }
  // Parsers are functions, which only the command itself needs; JSON leaves them out.
  return JSON.parse(JSON.stringify(facts)) as Command.Cached
}
