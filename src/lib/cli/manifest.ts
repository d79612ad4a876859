import type { Command } from '@oclif/core/command'
import type { CommandIndex } from './command-line.ts'

/** What help and completion need of every command, without loading any. Made when ktool is built. */
export type Manifest = readonly Command.Cached[]

export function indexOf(manifest: Manifest): CommandIndex {
  return new Map(
    manifest.flatMap(({ id, aliases, hiddenAliases }) =>
      [id, ...aliases, ...hiddenAliases].map((name) => [name, id] as const),
    ),
  )
}
