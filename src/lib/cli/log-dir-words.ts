import type { ReadableDisk } from '../ports/disk.ts'

/** What every broker leaves in its log directories, the oldest first. */
const marks = ['recovery-point-offset-checkpoint', 'meta.properties']

/**
 * `--log-dir /data/d1 /data/d2` is what a shell makes of `--log-dir /data/d*`: the words right behind a log
 * directory that are log directories too get the flag themselves.
 */
export function spreadLogDirs(argv: readonly string[], disk: Pick<ReadableDisk, 'stat'>): string[] {
  const spread: string[] = []
  let isBehind = false
  for (const [i, word] of argv.entries()) {
    if (word === '--') return [...spread, ...argv.slice(i)]
    const isValue = argv[i - 1] === '--log-dir'
    if (isBehind && !isValue && !word.startsWith('-') && isLogDir(word, disk)) spread.push('--log-dir')
    else isBehind = isValue || word.startsWith('--log-dir=')
    spread.push(word)
  }
  return spread
}

function isLogDir(word: string, disk: Pick<ReadableDisk, 'stat'>): boolean {
  try {
    return marks.some((mark) => disk.stat(`${word}/${mark}`) !== undefined)
  } catch {
    // No path at all, or nobody's to look into: whoever takes the word for something else says what is wrong.
    return false
  }
}
