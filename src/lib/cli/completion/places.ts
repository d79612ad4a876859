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

/** The start, the topics and the commands, in that order. */
export function placesOf(manifest: Manifest, about: About): Place[] {
  const commands = manifest.filter(({ hidden }) => !hidden)
  const topics = [
    ...new Set(commands.filter(({ id }) => id.includes(':')).map(({ id }) => wordsOf(id)[0] ?? id)),
  ]
  const topicWords = topics.map((word) => ({ word, summary: about.oclif.topics[word]?.description ?? '' }))
  const single = commands.filter(({ id }) => !id.includes(':'))
  return [
    {
      path: '',
      spellings: [],
      words: [...topicWords, ...single.map(asWord), helpWord],
      flags: [],
      takesPaths: false,
    },
    ...topics.map((topic) => topicPlace(topic, commands)),
    ...commands.map((command) => commandPlace(command, commands)),
  ]
}

const helpWord: Word = { word: 'help', summary: 'Say how a command or a topic is used.' }

function topicPlace(topic: string, all: readonly Command.Cached[]): Place {
  const commands = all.filter(({ id }) => id.startsWith(`${topic}:`))
  const spellings = new Set(commands.flatMap(spellingsOf).map((name) => wordsOf(name)[0] ?? topic))
  const words = commands.filter(({ id }) => wordsOf(id).length === 2).map(asWord)
  return { path: topic, spellings: [...spellings], words, flags: [], takesPaths: false }
}

/** Behind a command may stand others, `features set`, and what it is done to. */
function commandPlace(command: Command.Cached, all: readonly Command.Cached[]): Place {
  const longer = all.filter(({ id }) => id.startsWith(`${command.id}:`))
  const spellings = new Set(spellingsOf(command).map((name) => wordsOf(name).at(-1) ?? name))
  return {
    path: wordsOf(command.id).join(' '),
    spellings: [...spellings],
    words: [...longer.map(asWord), ...wordsOfArguments(command)],
    flags: Object.entries(command.flags).flatMap(([name, flag]) => (flag.hidden ? [] : [asFlag(name, flag)])),
    takesPaths: Object.keys(command.args).some((name) => pathArguments.includes(name)),
    names: namesOf(command),
  }
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

function asWord({ id, summary }: Command.Cached): Word {
  return { word: wordsOf(id).at(-1) ?? id, summary: summary ?? '' }
}

function spellingsOf({ id, aliases, hiddenAliases }: Command.Cached): string[] {
  return [id, ...aliases, ...hiddenAliases]
}

function wordsOf(id: string): string[] {
  return id.split(':')
}
