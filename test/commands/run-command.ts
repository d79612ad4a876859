import type { BaseCommand, CommandClass } from '../../src/lib/cli/base-command.ts'
import { perform } from '../../src/lib/cli/perform.ts'
import type { Disk } from '../../src/lib/ports/disk.ts'
import { systemDisk } from '../../src/lib/ports/system-disk.ts'
import { fakeSurroundings } from '../lib/cli/surroundings.ts'
import { fakeOutlet } from '../lib/output/fake-outlet.ts'

export interface Said {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command here, on a disk that may be any: what a process of its own cannot be given. */
export async function runCommand(
  name: string,
  argv: readonly string[],
  disk: Disk = systemDisk,
  isTerminal = false,
): Promise<Said> {
  const outlet = fakeOutlet({ isTerminal, width: 200 })
  const { surroundings, stderr } = fakeSurroundings({ disk, stdout: outlet })
  const request = { id: name.replaceAll(' ', ':'), argv: [...argv] }
  const status = await perform(await classOf(name), request, surroundings)
  return { status, stdout: outlet.text(), stderr: stderr.text() }
}

export async function classOf(name: string): Promise<CommandClass> {
  const [noun = '', verb, part] = name.split(' ')
  const module: Record<string, CommandClass | typeof BaseCommand> =
    verb === undefined
      ? await import(`../../src/commands/${noun}.ts`)
      : part === undefined
        ? await import(`../../src/commands/${noun}/${verb}.ts`)
        : await import(`../../src/commands/${noun}/${verb}/${part}.ts`)
  const [Class] = Object.values(module)
  if (Class === undefined) throw new Error(`there is no command ${name}`)
  return Class as CommandClass
}
