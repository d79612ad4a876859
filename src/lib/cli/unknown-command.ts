import { UsageError } from '../errors.ts'
import { nearest } from '../values/nearest.ts'
import { type CommandIndex, isTopic } from './command-line.ts'

/** Says which word went wrong, and what may have been meant. */
export function unknownCommand(words: readonly string[], index: CommandIndex): UsageError {
  const [noun] = words
  if (noun === undefined) {
    return new UsageError('missing-command', 'a command is missing', { hint: 'ktool help lists them' })
  }
  const topic = topicOf(words, index)
  const isKnownTopic = topic.length > 0
  // Whatever stands behind the word that went wrong is an argument, and no part of the command.
  const typed = words.slice(0, topic.length + 1).join(' ')
  const meant = suggestionsFor(words.slice(0, Math.max(2, topic.length + 1)), isKnownTopic, index)
  const guess =
    meant.length === 0 ? '' : `did you mean ${meant.map((name) => `ktool ${name}`).join(', or ')}? `
  const list = isKnownTopic
    ? `ktool ${topic.join(' ')} --help lists its commands`
    : 'ktool help lists the commands'
  return new UsageError('unknown-command', `there is no command "${typed}"`, { hint: guess + list })
}

/** The words that are a topic, with one behind them that went wrong. */
function topicOf(words: readonly string[], index: CommandIndex): readonly string[] {
  const isWithin = words.length > 2 && isTopic(words.slice(0, 2).join(':'), index)
  const topic = words.slice(0, isWithin ? 2 : 1)
  return words.length > 1 && isTopic(topic.join(':'), index) ? topic : []
}

/** Only commands have flags: help and topics have none. */
export function flagOfNoCommand(name: string, flag: string): UsageError {
  const hint = name === 'help' ? 'ktool help lists the commands' : `ktool ${name} --help lists its commands`
  return new UsageError('unknown-flag', `ktool ${name} takes no flag ${flag}`, { hint })
}

function suggestionsFor(words: readonly string[], isKnownTopic: boolean, index: CommandIndex): string[] {
  const ids = [...new Set(index.values())].map((id) => id.replaceAll(':', ' '))
  // Other tools have the verb first: `describe topic`.
  const turned = index.get([words[1], words[0]].join(':'))
  if (turned !== undefined) return [turned.replaceAll(':', ' ')]
  const whole = nearest(words.join(' '), ids)
  if (whole.length > 0 || isKnownTopic) return whole
  const topics = ids.filter((id) => id.includes(' ')).map((id) => id.split(' ')[0] ?? id)
  return nearest(words[0] ?? '', [...ids, ...topics])
}
