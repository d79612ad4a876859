import type { KtoolError } from '../errors.ts'
import { newTally, render } from '../output/render.ts'
import type { BaseCommand, CommandClass } from './base-command.ts'
import { formatIn, isVerboseIn } from './command-line.ts'
import { exitCodeOf } from './exit-code.ts'
import { bareConfig } from './oclif-config.ts'
import { asKtoolError, report } from './report.ts'
import type { Surroundings } from './surroundings.ts'
import { asUsageError } from './usage-errors.ts'
import { watched } from './watched.ts'

/** Runs one command: its result is printed, its error told, and both become the exit code. */
export async function perform(
  Class: CommandClass,
  request: { readonly id: string; readonly argv: string[] },
  surroundings: Surroundings,
): Promise<number> {
  const { id, argv } = request
  const { about } = surroundings
  const command = new Class(argv, bareConfig(about), surroundings)
  const tally = newTally()
  let fatal: KtoolError | undefined
  try {
    const result = await command.run()
    await render(await watched(result, command.said?.output, surroundings), command.rendering(), tally)
  } catch (error) {
    fatal =
      (command.said ? undefined : asUsageError(error, parsedAs(id, Class))) ?? asKtoolError(error, about)
    await report(fatal, surroundings.stderr, mannerOf(command, argv))
  }
  return exitCodeOf({ ...tally, fatal: fatal && command.exitCodeOf(fatal), stopped: surroundings.stop.code })
}

function parsedAs(id: string, { flags, baseFlags, args }: CommandClass) {
  return {
    name: id.replaceAll(':', ' '),
    flagNames: Object.keys({ ...flags, ...baseFlags }),
    argumentNames: Object.keys(args),
  }
}

/** As its flags said; where they could not be parsed, as far as they can be seen. */
function mannerOf({ said }: BaseCommand, argv: readonly string[]) {
  return {
    format: said === undefined ? formatIn(argv) : said.output,
    isVerbose: said === undefined ? isVerboseIn(argv) : said.verbose === true,
  }
}
