import type { Command } from '@oclif/core/command'
import type { Manifest } from '../manifest.ts'
import type { About } from '../oclif-config.ts'

/** A place in the command line: behind these words, what can come next. */
export interface Place {
  /** The words that lead here: `protocol errors`; empty at the start. */
  readonly path: string
  /** Ways to type the last of them behind the others. */
  readonly spellings: readonly string[]
  readonly words: readonly Word[]
  readonly flags: readonly Flag[]
  /** Words that are no flags are files and folders here. */
  readonly takesPaths: boolean
  /** Words that are no flags are names of these, which the cluster knows. */
  readonly names?: Names | undefined
}

/** What `__names` tells the names of. */
export type Names = 'topics' | 'groups' | 'contexts'

const namesByArgument: Readonly<Record<string, Names>> = {
  topic: 'topics',
  topics: 'topics',
  group: 'groups',
  groups: 'groups',
  context: 'contexts',
}

/** What commands call the arguments that are paths. */
const pathArguments: readonly string[] = ['path', 'first', 'second']

export interface Word {
  readonly word: string
  readonly summary: string
}

export interface Flag extends Word {
  readonly char: string | undefined
  readonly takesValue: boolean
  readonly values: readonly string[]
  readonly names?: Names | undefined
}

/** The start, and every place where something can stand behind the words before it. */
export function placesOf(manifest: Manifest, about: About): Place[] {
  const commands = manifest.filter(({ hidden }) => !hidden)
  const ids = new Set(commands.map(({ id }) => id))
  const topics = [...new Set(commands.flatMap(({ id }) => topicsOver(id)))].filter((topic) => !ids.has(topic))
  const summaryOf = (id: string) => about.oclif.topics[id]?.description
  const topicsFirst = [...commands].sort((a, b) => Number(isWithin(b)) - Number(isWithin(a)))
  const words = wordsBehind('', topicsFirst, summaryOf)
  return [
    { path: '', spellings: [], words: [...words, helpWord], flags: [], takesPaths: false },
    ...topics.map((topic) => topicPlace(topic, commands)),
    ...commands.map((command) => commandPlace(command, commands)),
  ]
}

function isWithin({ id }: Command.Cached): boolean {
  return id.includes(':')
}

/** `cluster:features:set` → `cluster` and `cluster:features`, of which each may be a command too. */
function topicsOver(id: string): string[] {
  const words = wordsOf(id)
  return words.slice(1).map((_, index) => words.slice(0, index + 1).join(':'))
}

/** What can follow, each word once: a command, or a topic of several. */
function wordsBehind(
  topic: string,
  all: readonly Command.Cached[],
  summaryOf: (id: string) => string | undefined = () => undefined,
): Word[] {
  const behind = topic === '' ? all : all.filter(({ id }) => id.startsWith(`${topic}:`))
  const depth = topic === '' ? 0 : wordsOf(topic).length
  const found = new Map<string, Word>()
  for (const { id, summary } of behind) {
    const word = wordsOf(id)[depth] ?? id
    const whole = topic === '' ? word : `${topic}:${word}`
    const own = all.find((command) => command.id === whole)?.summary
    if (!found.has(word)) found.set(word, { word, summary: summaryOf(whole) ?? own ?? summary ?? '' })
  }
  return [...found.values()]
}

const helpWord: Word = { word: 'help', summary: 'Say how a command or a topic is used.' }

function topicPlace(topic: string, all: readonly Command.Cached[]): Place {
  const words = wordsBehind(topic, all)
  return { path: pathOf(topic), spellings: spellingsIn(topic, all), words, flags: [], takesPaths: false }
}

/** Behind a command may stand others, `features set`, and what it is done to. */
function commandPlace(command: Command.Cached, all: readonly Command.Cached[]): Place {
  const own = spellingsOf(command).map((name) => wordsOf(name).at(-1) ?? name)
  return {
    path: pathOf(command.id),
    spellings: [...new Set([...own, ...spellingsIn(command.id, all)])],
    words: [...wordsBehind(command.id, all), ...wordsOfArguments(command)],
    flags: Object.entries(command.flags).flatMap(([name, flag]) => (flag.hidden ? [] : [asFlag(name, flag)])),
    takesPaths: Object.keys(command.args).some((name) => pathArguments.includes(name)),
    names: namesOf(command),
  }
}

/** How the last word of a topic is spelled in front of the commands in it. */
function spellingsIn(topic: string, all: readonly Command.Cached[]): string[] {
  const last = wordsOf(topic).length - 1
  const within = all.filter(({ id }) => id.startsWith(`${topic}:`)).flatMap(spellingsOf)
  const longer = within.map(wordsOf).filter(({ length }) => length > last + 1)
  return [...new Set(longer.flatMap((words) => words[last] ?? []))]
}

/** A context that is made has a name of its own. */
function namesOf({ id, args }: Command.Cached): Names | undefined {
  const [first] = Object.keys(args)
  return first === undefined || id === 'context:add' || id === 'topics:create'
    ? undefined
    : namesByArgument[first]
}

function wordsOfArguments({ args }: Command.Cached): Word[] {
  const options: readonly string[] = Object.values(args)[0]?.options ?? []
  return options.map((word) => ({ word, summary: '' }))
}

function asFlag(name: string, flag: Command.Flag.Cached): Flag {
  const { char, summary, type } = flag
  const values = type === 'option' ? (flag.options ?? []) : []
  // One that can be turned off is on by default.
  const word = type === 'boolean' && flag.allowNo === true ? `no-${name}` : name
  const names = type === 'option' ? namesByArgument[name] : undefined
  return { word, char, summary: summary ?? '', takesValue: type === 'option', values, names }
}

function spellingsOf({ id, aliases, hiddenAliases }: Command.Cached): string[] {
  return [id, ...aliases, ...hiddenAliases]
}

function pathOf(id: string): string {
  return wordsOf(id).join(' ')
}

function wordsOf(id: string): string[] {
  return id.split(':')
}
