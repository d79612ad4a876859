import { loadProgram } from '../docs/terminal.ts'

/** The names of all commands that ask a live cluster and do not change it: those that nobody has to agree to. */
export async function readingCommands(): Promise<string[]> {
  const { manifest } = await loadProgram()
  return manifest
    .filter(({ flags }) => 'bootstrap' in flags && !('yes' in flags))
    .map(({ id }) => id.replaceAll(':', ' '))
    .sort()
}
