import { join } from 'node:path'
import type { ReadableDisk } from '../../ports/disk.ts'

/** Whether a word is a pattern that no shell has expanded. */
export function isPattern(word: string): boolean {
  return /[*?[]/.test(word)
}

/** What matches, in order; nothing where nothing does. `*` and `?` stop at a slash and pass over dot files. */
export function expandPattern(disk: ReadableDisk, pattern: string): string[] {
  const parts = pattern.split(/\/+/)
  const root = parts[0] === '' ? ['/'] : ['']
  return parts.filter((part) => part !== '').reduce((found, part) => step(disk, found, part), root)
}

function step(disk: ReadableDisk, paths: readonly string[], part: string): string[] {
  // What a pattern has found may be a file, in which nothing lies.
  const folders = paths.filter((path) => path === '' || disk.stat(path)?.kind === 'folder')
  if (!isPattern(part)) {
    return folders
      .map((folder) => join(folder, part))
      .filter((path) => isDots(part) || disk.stat(path) !== undefined)
  }
  const matcher = matcherOf(part)
  return folders.flatMap((folder) =>
    disk
      .list(folder === '' ? '.' : folder)
      .filter(({ name }) => matcher.test(name) && (!name.startsWith('.') || part.startsWith('.')))
      .map(({ name }) => join(folder, name)),
  )
}

function isDots(part: string): boolean {
  return part === '.' || part === '..'
}

function matcherOf(part: string): RegExp {
  const text = part.replace(
    /\*+|\?|\[(!?)([^\]]+)\]|[.+^${}()|\\[\]]/g,
    (token, not: string, set: string) => {
      if (token.startsWith('*')) return '.*'
      if (token === '?') return '.'
      if (set !== undefined) return `[${not === '!' ? '^' : ''}${set.replace(/[\\\]^]/g, '\\$&')}]`
      return `\\${token}`
    },
  )
  return new RegExp(`^${text}$`, 's')
}
