import type { About } from '../../../src/lib/cli/oclif-config.ts'
import { Stop } from '../../../src/lib/cli/stop.ts'
import type { Surroundings } from '../../../src/lib/cli/surroundings.ts'
import { systemNetwork } from '../../../src/lib/network/sockets.ts'
import type { Processes } from '../../../src/lib/ports/processes.ts'
import { systemRandom } from '../../../src/lib/ports/random.ts'
import { systemDisk } from '../../../src/lib/ports/system-disk.ts'
import { noThreads } from '../../../src/lib/ports/threads.ts'
import { fakeOutlet } from '../output/fake-outlet.ts'

export const about: About = {
  name: 'ktool',
  version: '1.2.3',
  description: 'A toolkit',
  oclif: { bin: 'ktool', topics: { parcels: { description: 'Parcels and where they are.' } } },
}

const noProcesses: Processes = {
  ownId: 1,
  run: () => Promise.reject(new Error('no program runs in this test')),
  outputOf: () => Promise.reject(new Error('no program runs in this test')),
  runOn: () => Promise.reject(new Error('no program runs in this test')),
  runInBackground: () => {
    throw new Error('no program runs in this test')
  },
  isAlive: () => false,
  signal: () => false,
}

/** A world in memory; `text` is all that a command has said. */
export function fakeSurroundings(overrides: Partial<Surroundings> = {}) {
  const stdout = fakeOutlet()
  const stderr = fakeOutlet()
  const surroundings: Surroundings = {
    stdin: { isTerminal: false, async *chunks() {} },
    stdout,
    stderr,
    streams: () => {
      throw new Error('nobody sits at this test')
    },
    atExit: () => () => {},
    job: undefined,
    environment: {},
    platform: 'linux',
    clock: { nowMs: () => 0, monotonicMs: () => 0, after: () => () => {} },
    disk: systemDisk,
    world: async () => ({ random: systemRandom, network: systemNetwork(null), processes: noProcesses }),
    threads: noThreads,
    stop: new Stop(),
    about,
    manifest: () => [],
    ...overrides,
  }
  return { surroundings, stdout, stderr }
}
