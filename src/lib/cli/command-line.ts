import { nearest } from '../values/nearest.ts'

/** What the command line asks for, before any command is loaded. */
export type Request =
  | { readonly kind: 'command'; readonly id: string; readonly argv: string[] }
  /** Help on a command or a topic, or on the whole. */
  | { readonly kind: 'help'; readonly subject: string | undefined; readonly isJson?: boolean }
  | { readonly kind: 'unknown'; readonly words: string[] }
  /** Help was asked for, or a topic named, with a flag that means nothing there. */
  | { readonly kind: 'unknown-flag'; readonly of: string; readonly flag: string }

/** Every way to type a command, words joined by colons, and the command that it is. */
export type CommandIndex = ReadonlyMap<string, string>

const MOST_WORDS = 3

/** Flags may stand before the command; `valueFlags` tells which of those take the next word. */
export function readCommandLine(
  argv: readonly string[],
  index: CommandIndex,
  valueFlags: ReadonlySet<string>,
): Request {
  const { words, flags } = splitWords(argv, index, valueFlags)
  if (words[0] === 'help') return withoutFlags('help', flags) ?? helpOn(words.slice(1), index)
  if (isAmong(flags, ['--help-json'])) return asJson(helpOn(words, index))
  if (asksForHelp(flags)) return helpOn(words, index)
  const found = findCommand(words, index)
  const within = topicWithin(words, index, found?.wordCount)
  if (within !== undefined)
    return words.length > within.wordCount ? { kind: 'unknown', words } : helpOrFlag(within.topic, flags)
  if (found !== undefined && isSlip(words, found.wordCount, index)) return { kind: 'unknown', words }
  if (found !== undefined) {
    return { kind: 'command', id: found.id, argv: [...words.slice(found.wordCount), ...flags] }
  }
  const [topic] = words
  if (topic === undefined) return argv.length === 0 ? helpOn([], index) : { kind: 'unknown', words }
  if (words.length > 1 || !isTopic(topic, index)) return { kind: 'unknown', words }
  return helpOrFlag(topicOf(topic, index), flags)
}

function helpOrFlag(topic: string, flags: readonly string[]): Request {
  return withoutFlags(topic.replaceAll(':', ' '), flags) ?? { kind: 'help', subject: topic }
}

/** Whether some command begins with these words. */
export function isTopic(topic: string, index: CommandIndex): boolean {
  return [...index.keys()].some((name) => name.startsWith(`${topic}:`))
}

/** The format that was asked for, as far as it can be seen in a command line that cannot be parsed. */
export function formatIn(argv: readonly string[]): string | undefined {
  const end = argv.indexOf('--')
  const flags = end === -1 ? argv : argv.slice(0, end)
  const formats = flags.map((flag, i) => {
    if (flag === '-o' || flag === '--output') return flags[i + 1]
    return /^(?:--output=|-o=?)(.+)$/.exec(flag)?.[1]
  })
  return formats.findLast((format) => format !== undefined)
}

/** Whether more was to be said, as far as it can be seen likewise. */
export function isVerboseIn(argv: readonly string[]): boolean {
  return argv.includes('-v') || argv.includes('--verbose')
}

function withoutFlags(of: string, flags: readonly string[]): Request | undefined {
  const [first] = asksForHelp(flags) ? [] : flags
  // What stands behind the equals sign may be a secret.
  return first === undefined ? undefined : { kind: 'unknown-flag', of, flag: first.split('=')[0] ?? first }
}

function helpOn(words: readonly string[], index: CommandIndex): Request {
  if (words.length === 0) return { kind: 'help', subject: undefined }
  const command = findCommand(words, index)
  const within = topicWithin(words, index, command?.wordCount)
  if (within?.wordCount === words.length) return { kind: 'help', subject: within.topic }
  if (within !== undefined) return { kind: 'unknown', words: [...words] }
  if (command !== undefined) return { kind: 'help', subject: command.id }
  const topic = words[0] ?? ''
  if (words.length === 1 && isTopic(topic, index)) return { kind: 'help', subject: topicOf(topic, index) }
  return { kind: 'unknown', words: [...words] }
}

/** A topic within another, such as `broker fault`: `broker` is a command too, and would be told of an argument. */
function topicWithin(
  words: readonly string[],
  index: CommandIndex,
  wordCount = 0,
): { topic: string; wordCount: number } | undefined {
  const topic = words.slice(0, MOST_WORDS - 1).join(':')
  const isWithin = words.length > 1 && wordCount < 2 && isTopic(topic, index)
  return isWithin ? { topic: topicOf(topic, index), wordCount: MOST_WORDS - 1 } : undefined
}

/** `broker stpo`: a command with others below it, whose name is nearly the word behind it. */
function isSlip(words: readonly string[], wordCount: number, index: CommandIndex): boolean {
  const typed = words[wordCount]
  const within = `${words.slice(0, wordCount).join(':')}:`
  const below = [...index.keys()].flatMap((name) =>
    name.startsWith(within) ? name.slice(within.length) : [],
  )
  return typed !== undefined && nearest(typed, below).length > 0
}

/** `topic` is typed for `topics`: the commands that it leads to tell its real name. */
function topicOf(topic: string, index: CommandIndex): string {
  const command = [...index].find(([name]) => name.startsWith(`${topic}:`))?.[1] ?? topic
  return command.split(':').slice(0, topic.split(':').length).join(':')
}

function findCommand(
  words: readonly string[],
  index: CommandIndex,
): { id: string; wordCount: number } | undefined {
  for (let wordCount = Math.min(MOST_WORDS, words.length); wordCount > 0; wordCount--) {
    const id = index.get(words.slice(0, wordCount).join(':'))
    if (id !== undefined) return { id, wordCount }
  }
  return undefined
}

/**
 * `-o json topics list -v` → `topics list` and `-o json -v`. The words end at the first flag behind them,
 * unless they are only a topic as yet: `topics -o json list`.
 */
function splitWords(
  argv: readonly string[],
  index: CommandIndex,
  valueFlags: ReadonlySet<string>,
): { words: string[]; flags: string[] } {
  let start = 0
  while (isFlag(argv[start])) start += valueFlags.has(argv[start] ?? '') ? 2 : 1
  const length = argv.slice(start).findIndex((word) => word.startsWith('-'))
  const end = length === -1 ? argv.length : start + length
  const words = argv.slice(start, end)
  const name = words.join(':')
  const isUnfinished = end < argv.length && !index.has(name) && isTopic(name, index)
  const rest = isUnfinished
    ? splitWords(argv.slice(end), index, valueFlags)
    : { words: [], flags: argv.slice(end) }
  return { words: [...words, ...rest.words], flags: [...argv.slice(0, start), ...rest.flags] }
}

function isFlag(word: string | undefined): boolean {
  return word?.startsWith('-') === true && word !== '--'
}

function asksForHelp(flags: readonly string[]): boolean {
  return isAmong(flags, ['--help', '-h'])
}

function isAmong(flags: readonly string[], wanted: readonly string[]): boolean {
  const end = flags.indexOf('--')
  return flags.slice(0, end === -1 ? undefined : end).some((word) => wanted.includes(word))
}

function asJson(request: Request): Request {
  return request.kind === 'help' ? { ...request, isJson: true } : request
}
