import { BaseCommand } from '../../lib/cli/base-command.ts'
import { localBrokerFlags } from '../../lib/cli/broker-flags.ts'
import { outputFlags } from '../../lib/cli/flags.ts'
import { reachable } from '../../lib/local/background-status.ts'
import { controlNotes } from '../../lib/local/local-row.ts'
import { backgroundRow, backgroundShape } from '../../lib/local/local-shape.ts'
import { seedRunning } from '../../lib/local/seed-running.ts'
import { type Started, startBackground } from '../../lib/local/start-background.ts'
import { item, type Result } from '../../lib/output/result.ts'

const STARTED = 'ktool broker stop ends it, ktool broker logs shows what it says'

export class BrokerStart extends BaseCommand {
  static override summary = 'Start the local broker in the background, and return once it serves.'

  static override description = [
    'It runs until `ktool broker stop`. Its address is kept as the context `local`, so that commands find it without',
    'being told where it is. One that runs on that directory already is left as it is, whatever the other flags say,',
    'but is given the topics of `--topic` that it does not have. It is an error if it has one of them with another number',
    'of partitions, or does not listen at `--port`.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> broker start',
    '<%= config.bin %> broker start --port 0 --ephemeral --topic orders:3 -o name',
  ]

  static override flags = { ...localBrokerFlags, ...outputFlags(backgroundShape) }

  async run(): Promise<Result> {
    const { flags } = await this.parse(BrokerStart)
    const stop = this.surroundings.stop.take()
    const world = { ...this.surroundings, ...(await this.surroundings.world()), stop }
    const started = await startBackground(flags, world)
    const notes = started.isOld ? [...oldNotes(flags), ...(await this.#seeded(started))] : [STARTED]
    const { record, files } = started
    const row = backgroundRow({ state: 'running', record }, files.log)
    return item(backgroundShape, row, { notes: [...notes, ...controlNotes(record)] })
  }

  async #seeded({ record, topics }: Started): Promise<string[]> {
    if (topics.length === 0) return []
    // One that is started makes its topics itself, and needs no client to be loaded.
    const { openCluster } = await import('../../lib/places/open-cluster.ts')
    const { changers, cluster } = await openCluster(
      { bootstrap: reachable(record), 'command-config': record.clientConfig ?? undefined },
      this.surroundings,
    )
    try {
      const made = await seedRunning(changers.topics, topics)
      return made.length === 0 ? [] : [`it has these topics now: ${made.join(', ')}`]
    } finally {
      await cluster.close()
    }
  }
}

/** What counts when a broker starts, and not for one that runs. */
const startingFlags = [
  ...['listen', 'advertise', 'secure', 'flush', 'as-version', 'config', 'set'],
  ...['control', 'journal', 'journal-records'],
]

function oldNotes(flags: Readonly<Record<string, unknown>>): string[] {
  const unheard = startingFlags.filter((name) => flags[name] !== undefined && flags[name] !== false)
  const typed = unheard.map((name) => `--${name}`).join(', ')
  return [
    'it runs already',
    ...(typed === '' ? [] : [`it was not started anew: ${typed} would count after ktool broker stop`]),
  ]
}
