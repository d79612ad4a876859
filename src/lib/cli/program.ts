import { BugError, exitCodes } from '../errors.ts'
import type { CommandClass } from './base-command.ts'
import { type CommandIndex, formatIn, isVerboseIn, type Request, readCommandLine } from './command-line.ts'
import { changeFlags, clusterFlags, outputFlags, talkFlags, valueFlagsOf, watchFlags } from './flags.ts'
import { loadConfig } from './oclif-config.ts'
import { perform } from './perform.ts'
import { placeFlags } from './place-flags.ts'
import { asKtoolError, report } from './report.ts'
import type { Surroundings } from './surroundings.ts'
import { flagOfNoCommand, unknownCommand } from './unknown-command.ts'

/** The commands, as the build puts them together. */
export interface Commands {
  readonly index: CommandIndex
  /** Loads the class of a command. */
  readonly load: (id: string) => Promise<CommandClass>
}

/** Does what the command line asks for, and returns the exit code. It throws nothing. */
export async function runProgram(
  commands: Commands,
  argv: readonly string[],
  surroundings: Surroundings,
): Promise<number> {
  try {
    return await answer(commands, argv, surroundings)
  } catch (error) {
    const fatal = asKtoolError(error, surroundings.about)
    await report(fatal, surroundings.stderr, { format: formatIn(argv), isVerbose: isVerboseIn(argv) })
    return fatal.exitCode
  }
}

async function answer(
  commands: Commands,
  argv: readonly string[],
  surroundings: Surroundings,
): Promise<number> {
  const request = requestOf(argv, commands.index)
  switch (request.kind) {
    case 'command':
      return perform(await commands.load(request.id), request, surroundings)
    case 'help':
      await (request.isJson ? showHelpJson : showHelp)(request.subject, surroundings)
      return exitCodes.done
    case 'unknown':
      throw unknownCommand(request.words, commands.index)
    case 'unknown-flag':
      throw flagOfNoCommand(request.of, request.flag)
  }
}

export function requestOf(argv: readonly string[], index: CommandIndex): Request {
  const valueFlags = valueFlagsOf(
    talkFlags,
    outputFlags({}),
    placeFlags,
    clusterFlags,
    changeFlags,
    watchFlags,
  )
  return readCommandLine(argv, index, valueFlags)
}

async function showHelp(
  subject: string | undefined,
  { about, manifest, stdout }: Surroundings,
): Promise<void> {
  const { writeHelp } = await import('./help.ts')
  const commands = manifest().map((command) => ({ ...command, load: neverLoaded }))
  await writeHelp(await loadConfig(about, commands), subject, stdout)
}

async function showHelpJson(
  subject: string | undefined,
  { about, manifest, stdout }: Surroundings,
): Promise<void> {
  const { helpJson } = await import('./help-json.ts')
  await stdout.write(`${JSON.stringify(helpJson(manifest(), subject, about), undefined, 2)}\n`)
}

/** Help is written from the manifest alone. */
async function neverLoaded(): Promise<never> {
  throw new BugError('help-loads-command', 'help has tried to load a command')
}
