import { UsageError } from '../errors.ts'

/** `key=value` of several words; the value may be empty, and hold equals signs. */
export function parseSettings(words: readonly string[]): Record<string, string> {
  const settings: Record<string, string> = Object.create(null)
  for (const word of words) {
    const [, key, value] = /^([^=\s]+)=(.*)$/s.exec(word) ?? []
    // What was typed may be a secret.
    if (key === undefined || value === undefined) throw invalid(word)
    if (key in settings) throw new UsageError('given-twice', `${key} is set twice`)
    settings[key] = value
  }
  return { ...settings }
}

function invalid(word: string): UsageError {
  const key = word.split('=')[0] ?? ''
  return new UsageError('invalid-setting', `"${key}" sets nothing`, {
    hint: 'write it like retention.ms=604800000',
  })
}
