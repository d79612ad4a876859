import { perform } from '../../src/lib/cli/perform.ts'
import type { Surroundings, World } from '../../src/lib/cli/surroundings.ts'
import { systemNetwork } from '../../src/lib/network/sockets.ts'
import { systemClock } from '../../src/lib/ports/clock.ts'
import { systemEventLoop } from '../../src/lib/ports/event-loop.ts'
import type { Processes } from '../../src/lib/ports/processes.ts'
import { systemRandom } from '../../src/lib/ports/random.ts'
import { classOf } from '../commands/run-command.ts'
import { fakeSurroundings } from '../lib/cli/surroundings.ts'
import { fakeOutlet } from '../lib/output/fake-outlet.ts'

/** With real sockets; programs run only as a test has it. */
export function liveWorld(runOn: Processes['runOn'] = never): World {
  const programs = { run: never, outputOf: never, runInBackground: never, isAlive: never, signal: never }
  return {
    random: systemRandom,
    network: systemNetwork(systemEventLoop()),
    processes: { ownId: 1, ...programs, runOn },
  }
}

export interface LiveRun {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command in this process against whatever listens at an address: real sockets, real time. */
export async function runLive(
  name: string,
  bootstrap: string,
  argv: readonly string[] = [],
  overrides: Partial<Surroundings> = {},
): Promise<LiveRun> {
  const clock = systemClock(() => process.hrtime())
  const outlet = fakeOutlet({ width: 200 })
  const { surroundings, stderr } = fakeSurroundings({
    stdout: outlet,
    clock,
    world: async () => liveWorld(),
    ...overrides,
  })
  const request = { id: name.replaceAll(' ', ':'), argv: [...argv, '-b', bootstrap] }
  const status = await perform(await classOf(name), request, surroundings)
  return { status, stdout: outlet.text(), stderr: stderr.text() }
}

/** The same with its answer as JSON. */
export async function jsonLive(
  name: string,
  bootstrap: string,
  argv: readonly string[] = [],
  overrides: Partial<Surroundings> = {},
): Promise<LiveJsonRun> {
  const run = await runLive(name, bootstrap, [...argv, '-o', 'json'], overrides)
  const json = run.stdout === '' ? { items: [], errors: [] } : JSON.parse(run.stdout)
  const said = run.stderr + JSON.stringify(json.errors ?? [])
  return { ...run, items: json.items ?? [], said, json }
}

export interface LiveJsonRun extends LiveRun {
  readonly items: readonly Record<string, unknown>[]
  /** All that it has to complain of. */
  readonly said: string
  readonly json: LiveAnswer
}

export interface LiveAnswer {
  readonly items?: readonly Record<string, unknown>[]
  readonly errors?: readonly { readonly item: string; readonly code: string; readonly message: string }[]
  readonly [key: string]: unknown
}

function never(): never {
  throw new Error('no program runs in this test')
}
