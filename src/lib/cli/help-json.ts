import type { Command } from '@oclif/core/command'
import type { Manifest } from './manifest.ts'
import type { About } from './oclif-config.ts'

/** What ktool knows of its commands, for programs: what `--help` prints, before it is made up for people. */
export interface HelpJson {
  readonly version: 1
  readonly ktool: string
  readonly commands: readonly CommandJson[]
}

export interface CommandJson {
  /** As it is typed. */
  readonly name: string
  readonly aliases: readonly string[]
  readonly summary: string
  readonly description: string | null
  readonly arguments: readonly ArgumentJson[]
  readonly flags: readonly FlagJson[]
  readonly examples: readonly { readonly description: string | null; readonly command: string }[]
}

interface ArgumentJson {
  readonly name: string
  readonly description: string | null
  readonly required: boolean
  readonly multiple: boolean
  readonly options: readonly string[] | null
}

interface FlagJson {
  readonly name: string
  readonly char: string | null
  readonly summary: string | null
  /** What stands behind it; null for one that stands alone. */
  readonly value: string | null
  readonly required: boolean
  readonly multiple: boolean
  readonly options: readonly string[] | null
  readonly default: string | number | boolean | null
  readonly group: string | null
}

/** Of one command, or all of a noun, or all there are. */
export function helpJson(manifest: Manifest, subject: string | undefined, about: About): HelpJson {
  const commands = manifest
    .filter(({ hidden }) => !hidden)
    .filter(({ id }) => subject === undefined || id === subject || id.startsWith(`${subject}:`))
    .map((command) => commandJson(command, about.oclif.bin))
  return { version: 1, ktool: about.version, commands }
}

function commandJson(command: Command.Cached, bin: string): CommandJson {
  const { id, aliases, hiddenAliases, summary = '', description, args, flags } = command
  return {
    name: typed(id),
    aliases: [...aliases, ...hiddenAliases].map(typed),
    summary,
    description: description ?? null,
    arguments: Object.values(args).map(argumentJson),
    flags: Object.values(flags)
      .filter(({ hidden }) => hidden !== true)
      .map(flagJson),
    examples: examplesOf(command).map(({ description: about = null, command: line }) => ({
      description: about,
      command: line.replaceAll('<%= config.bin %>', bin),
    })),
  }
}

function examplesOf({ examples }: Command.Cached): { description?: string; command: string }[] {
  const list = typeof examples === 'string' ? [examples] : (examples ?? [])
  return list.map((each) => (typeof each === 'string' ? { command: each } : each))
}

function argumentJson(argument: Command.Arg.Cached): ArgumentJson {
  const { name, description = null, required = false, options } = argument
  const isMany = 'multiple' in argument && argument.multiple === true
  return {
    name,
    description,
    required,
    multiple: isMany,
    options: options === undefined ? null : [...options],
  }
}

function flagJson(flag: Command.Flag.Cached): FlagJson {
  const { name, char = null, summary = null, required = false, helpGroup = null } = flag
  const isOption = flag.type === 'option'
  const options = isOption && flag.options !== undefined ? [...flag.options] : null
  const value = isOption ? (flag.helpValue ?? name.toUpperCase()) : null
  return {
    name,
    char,
    summary,
    value: Array.isArray(value) ? value.join('|') : value,
    required,
    multiple: isOption && flag.multiple === true,
    options,
    default: scalar(flag.default),
    group: helpGroup,
  }
}

function scalar(value: unknown): string | number | boolean | null {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
}

function typed(id: string): string {
  return id.replaceAll(':', ' ')
}
