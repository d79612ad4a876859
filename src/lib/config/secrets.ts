import { FailedError, UsageError } from '../errors.ts'
import type { ReadableDisk } from '../ports/disk.ts'
import { readText } from './text-file.ts'

interface Places {
  readonly disk: ReadableDisk
  readonly environment: Readonly<Record<string, string | undefined>>
}

/**
 * A command line is seen by everybody on the machine, and kept by the shell: of a secret it says where it is,
 * `@FILE` or `env:NAME`, and not what it is. No error repeats it. `typedAs` is what stands before that place.
 */
export function secretAt(
  place: string,
  name: string,
  { disk, environment }: Places,
  typedAs?: string,
): string {
  if (place.startsWith('@')) {
    const text = readText(disk, place.slice(1))
    if (text !== undefined) return text.replace(/\r?\n$/, '')
    throw new FailedError('file-not-found', `there is no file ${place.slice(1)} with ${name}`)
  }
  if (place.startsWith('env:')) {
    const value = environment[place.slice('env:'.length)]
    if (value !== undefined) return value
    throw new UsageError('no-such-variable', `${place.slice('env:'.length)}, which has ${name}, is not set`)
  }
  throw secretTyped(name, typedAs)
}

/** For what is looked up only later. */
export function isSecretPlace(text: string): boolean {
  return /^(?:@|env:)./.test(text)
}

export function secretTyped(name: string, typedAs = `-X ${name}=`): UsageError {
  return new UsageError('secret-typed', `${name} is a secret, and not to be typed`, {
    hint: `say where it is: ${typedAs}@FILE, or ${typedAs}env:NAME`,
  })
}
