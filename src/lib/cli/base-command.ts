import { Command } from '@oclif/core/command'
import type { Config } from '@oclif/core/config'
import type {
  ArgInput,
  FlagInput,
  Input,
  OutputArgs,
  OutputFlags,
  ParserOutput,
} from '@oclif/core/interfaces'
import type { ExitCode, KtoolError } from '../errors.ts'
import { writeNote } from '../output/failures.ts'
import type { Format } from '../output/formats.ts'
import type { Rendering } from '../output/render.ts'
import type { Result } from '../output/result.ts'
import { talkFlags } from './flags.ts'
import { spreadLogDirs } from './log-dir-words.ts'
import type { Surroundings } from './surroundings.ts'

/** What the shared flags said, once they were parsed. */
interface Said {
  readonly output?: Format
  readonly 'no-headers'?: boolean
  readonly 'csv-safe'?: boolean
  readonly quiet?: boolean
  readonly verbose?: boolean
}

/**
 * What every command is: it parses, calls once, and returns a result. Printing, errors, signals and the
 * exit code are not its business.
 */
export abstract class BaseCommand extends Command {
  static override baseFlags = talkFlags
  protected readonly surroundings: Surroundings
  #said: Said | undefined

  constructor(argv: string[], config: Config, surroundings: Surroundings) {
    super(argv, config)
    this.surroundings = surroundings
  }

  abstract override run(): Promise<Result>

  /** Nothing as long as the command line could not be parsed. */
  get said(): Said | undefined {
    return this.#said
  }

  /** What an error means to whoever waits for this command. */
  exitCodeOf(error: KtoolError): ExitCode {
    return error.exitCode
  }

  rendering(): Rendering {
    const { stdout, stderr, clock } = this.surroundings
    return {
      format: this.#said?.output ?? 'table',
      hasHeaders: this.#said?.['no-headers'] !== true,
      isCsvSafe: this.#said?.['csv-safe'] === true,
      isQuiet: this.#said?.quiet === true,
      nowMs: clock.nowMs(),
      stdout,
      stderr,
    }
  }

  /** Talk for people in the midst of the work. */
  protected async tell(note: string): Promise<void> {
    if (this.#said?.quiet !== true) await writeNote(this.surroundings.stderr, note)
  }

  protected override async parse<
    F extends OutputFlags<FlagInput>,
    B extends OutputFlags<FlagInput>,
    A extends OutputArgs<ArgInput>,
  >(options?: Input<F, B, A>, argv?: string[]): Promise<ParserOutput<F, B, A>> {
    const words = spreadLogDirs(argv ?? this.argv, this.surroundings.disk)
    const parsed = await super.parse(options, words)
    this.#said = parsed.flags
    return parsed
  }
}

/** A command as the program starts it: what it declares, and how it is made. */
export type CommandClass = Pick<
  typeof BaseCommand,
  | 'aliases'
  | 'args'
  | 'baseFlags'
  | 'description'
  | 'examples'
  | 'flags'
  | 'hidden'
  | 'hiddenAliases'
  | 'strict'
  | 'summary'
  | 'usage'
> &
  (new (
    argv: string[],
    config: Config,
    surroundings: Surroundings,
  ) => BaseCommand)
