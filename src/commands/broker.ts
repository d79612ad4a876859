import { BaseCommand } from '../lib/cli/base-command.ts'
import { localBrokerFlags } from '../lib/cli/broker-flags.ts'
import { boolean, outputFlags } from '../lib/cli/flags.ts'
import { BugError, type ExitCode, exitCodes, type KtoolError, UsageError } from '../lib/errors.ts'
import { controlNotes, nextSteps, rowOf, warningsOf } from '../lib/local/local-row.ts'
import { localShape } from '../lib/local/local-shape.ts'
import { DEFAULT_PORT } from '../lib/local/local-wish.ts'
import type { LocalBroker } from '../lib/local/open-local.ts'
import { runAround } from '../lib/local/run-around.ts'
import { serve } from '../lib/local/serve.ts'
import { startLocal } from '../lib/local/start-local.ts'
import { live, type Result, ran } from '../lib/output/result.ts'

export class Broker extends BaseCommand {
  static override summary = 'Run a local broker: Kafka’s protocol outside, Kafka’s files inside.'

  static override description = [
    'Any Kafka client can connect to it, and its directory is one of Apache Kafka. It listens on this machine alone',
    'unless told otherwise, makes topics when they are first used, and stops cleanly on Ctrl-C. Behind -- stands a',
    'command to run meanwhile: it finds the address in KTOOL_BOOTSTRAP and BOOTSTRAP_SERVERS, on a free port unless',
    '--port says one, with a directory that goes unless --data-dir says one; its exit code is that of ktool, which is',
    '125 when the command could not be started.',
  ].join(' ')

  static override usage = 'broker --local [FLAGS] [-- COMMAND…]'

  static override examples = [
    '<%= config.bin %> broker --local --topic orders:3',
    {
      description: 'The tests of a program, with a broker of their own',
      command: '<%= config.bin %> broker --local --topic orders:3 -- npm test',
    },
    {
      description: 'For other machines too',
      command:
        '<%= config.bin %> broker --local --listen PLAINTEXT://0.0.0.0:9092 --advertise PLAINTEXT://HOST:9092',
    },
  ]

  static override flags = {
    local: boolean({ summary: 'Run it here.' }),
    ...localBrokerFlags,
    ...outputFlags(localShape),
  }

  #command: readonly string[] | undefined
  #isStarted = false

  async run(): Promise<Result> {
    const { own, command } = parted(this.argv)
    this.#command = command
    const { flags } = await this.parse(Broker, own)
    if (!flags.local) throw new UsageError('missing-flag', 'which broker? --local runs one here')
    const stop = this.surroundings.stop.take()
    const isAlone = command === undefined
    const local = await startLocal(
      flags,
      { port: isAlone ? DEFAULT_PORT : 0, isEphemeral: !isAlone, logLevel: isAlone ? 'info' : 'warn' },
      this.surroundings,
    )
    return command === undefined
      ? this.#live(local, stop, flags.output === 'table')
      : this.#around(local, command, stop)
  }

  /** Whoever runs a command must be able to tell what went wrong before it from what it says itself. */
  override exitCodeOf(error: KtoolError): ExitCode {
    const isBefore = this.#command !== undefined && !this.#isStarted
    return isBefore && !(error instanceof BugError) ? exitCodes.commandNotStarted : error.exitCode
  }

  async #live(local: LocalBroker, stop: AbortSignal, isForPeople: boolean): Promise<Result> {
    const { processes } = await this.surroundings.world()
    const row = rowOf(local, processes.ownId)
    const ended = async () => {
      // Told to stop, it has not been broken off: what is left to tell is whether it could stop cleanly.
      await serve(local, stop).finally(() => this.surroundings.stop.settle())
      return { notes: ['stopped'] }
    }
    const steps = isForPeople ? nextSteps(row) : []
    return live(localShape, row, ended, {
      notes: [...warningsOf(local), ...controlNotes(row), ...steps],
    })
  }

  async #around(local: LocalBroker, command: readonly string[], stop: AbortSignal): Promise<Result> {
    const { environment, stdin, stop: requests } = this.surroundings
    const { processes } = await this.surroundings.world()
    if (stop.aborted) {
      await local.stop()
      return ran(0)
    }
    const status = await runAround(local, command, environment, processes, (child) => {
      this.#isStarted = true
      // A terminal has told the command already; two of the same would make it hurry.
      requests.passTo((code) => {
        if (code === exitCodes.terminated) child.signal('SIGTERM')
        else if (!stdin.isTerminal) child.signal('SIGINT')
      })
    })
    return ran(status, { notes: [] })
  }
}

function parted(argv: readonly string[]): { own: string[]; command: readonly string[] | undefined } {
  const dashes = argv.indexOf('--')
  if (dashes === -1) return { own: [...argv], command: undefined }
  const command = argv.slice(dashes + 1)
  if (command.length === 0) throw new UsageError('missing-command', 'a command is missing behind --')
  return { own: argv.slice(0, dashes), command }
}
