import { stripVTControlCharacters } from 'node:util'
import { UsageError } from '../errors.ts'
import { nearest } from '../values/nearest.ts'

/** What oclif's parser throws, by the properties that tell its errors apart. */
interface ParseError extends Error {
  readonly oclif: object
  readonly flags?: readonly string[]
  readonly args?: readonly unknown[]
}

/** The command whose line could not be parsed, for the next step. */
export interface Parsed {
  /** As it is typed: `protocol errors`. */
  readonly name: string
  readonly flagNames: readonly string[]
  readonly argumentNames: readonly string[]
}

/**
 * An error of oclif's parser in our words, or nothing if it is something else. Only its message is used:
 * the object carries the whole command line, and so passwords that were typed as flags.
 */
export function asUsageError(error: unknown, command: Parsed): UsageError | undefined {
  if (error instanceof UsageError) return new UsageError(error.code, withoutFrame(error.message), error)
  if (!isParseError(error)) return undefined
  const { flags, args } = error
  if (flags !== undefined) return unknownFlag(flags.map(String), command)
  if (args !== undefined) return wrongArguments(args, command)
  const message = plain(error.message)
  const missing = [...message.matchAll(/^ *Missing required flag (\S+)/gm)].map(([, name]) => `--${name}`)
  if (missing.length > 0) return missingFlags(missing, command)
  const choice = NO_CHOICE.exec(message)
  if (choice !== null) return noSuchChoice(choice, command)
  return new UsageError(codeOf(message), message, { hint: helpHint(command) })
}

/** A value that a flag of ours refuses keeps its error; oclif has put a frame round the message. */
function withoutFrame(message: string): string {
  return message.replace(/^Parsing (--\S+) \n\t([\s\S]*?)\nSee more help with --help$/, '$1: $2')
}

function unknownFlag(flags: readonly string[], command: Parsed): UsageError {
  // What stands behind the equals sign may be a secret.
  const names = flags.map((flag) => flag.split('=')[0] ?? flag)
  const typed = (names[0] ?? '').replace(/^-+/, '')
  const meant =
    elsewhere(typed, command) ?? nearest(typed, command.flagNames, 1).map((name) => `--${name}`)[0]
  const guess = meant === undefined ? '' : `did you mean ${meant}? `
  return new UsageError('unknown-flag', `ktool ${command.name} has no flag ${names.join(' or ')}`, {
    hint: guess + helpHint(command),
  })
}

/** What Kafka's own scripts, and those who know them, call what is here: a flag of ours, and how it is typed. */
const kafkasFlags: Readonly<Record<string, readonly [flag: string, typed?: string]>> = {
  'bootstrap-server': ['bootstrap'],
  'bootstrap-servers': ['bootstrap'],
  'broker-list': ['bootstrap'],
  brokers: ['bootstrap'],
  'consumer.config': ['command-config'],
  'producer.config': ['command-config'],
  'from-beginning': ['from', '--from start'],
  'max-messages': ['count'],
  execute: ['yes'],
  json: ['output', '-o json'],
  'all-groups': ['all'],
  'all-topic-partitions': ['all'],
  'path-to-json-file': ['file'],
  dir: ['data-dir'],
}

/** A name that is an argument here: `ktool lag GROUP`. */
const kafkasArguments: Readonly<Record<string, readonly string[]>> = {
  group: ['group'],
  topic: ['topic', 'topics', 'partitions'],
  'transactional-id': ['id'],
}

function elsewhere(typed: string, { name, flagNames, argumentNames }: Parsed): string | undefined {
  const [flag = '', words = `--${flag}`] = Object.hasOwn(kafkasFlags, typed) ? (kafkasFlags[typed] ?? []) : []
  if (flagNames.includes(flag)) return words
  const named = Object.hasOwn(kafkasArguments, typed) ? (kafkasArguments[typed] ?? []) : []
  const own = argumentNames.find((each) => named.includes(each))
  return own === undefined ? undefined : `ktool ${name} ${own.toUpperCase()}, without a flag`
}

/** oclif hands over the definitions of those that are missing, and the text of those that are too many. */
function wrongArguments(args: readonly unknown[], command: Parsed): UsageError {
  const missing = args.flatMap((arg) => (isNamed(arg) ? [arg.name.toUpperCase()] : []))
  const [code, message] =
    missing.length > 0
      ? ['missing-argument', `ktool ${command.name} needs ${missing.join(' and ')}`]
      : ['unexpected-argument', `ktool ${command.name} has no place for "${args.join(' ')}"`]
  return new UsageError(code, message, { hint: helpHint(command) })
}

function missingFlags(missing: readonly string[], command: Parsed): UsageError {
  const message = `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} needed`
  return new UsageError('missing-flag', message, { hint: helpHint(command) })
}

/** What oclif says of a value of a flag or an argument that has to be one of a few words. */
const NO_CHOICE = /^Expected (?:(--[^=\s]+)=)?([\s\S]*) to be one of: (.*)$/

function noSuchChoice([, flag, typed = '', list = '']: RegExpExecArray, command: Parsed): UsageError {
  const [meant] = nearest(typed, list.split(', '), 1)
  const guess = meant === undefined ? '' : `did you mean ${flag === undefined ? '' : `${flag} `}${meant}? `
  return new UsageError(
    'no-such-choice',
    `${flag === undefined ? '' : `${flag}: `}"${typed}" is none of ${list}`,
    {
      hint: guess + helpHint(command),
    },
  )
}

/** A flag's value may be a secret, and that of a switch was never typed. */
const CONFLICT = /^(--[^=\s]+)=[\s\S]*? cannot also be provided/gm

function plain(message: string): string {
  return stripVTControlCharacters(withoutFrame(message))
    .replace(/\nSee more help with --help$/, '')
    .replace(/^The following errors? occurred:\s*/, '')
    .replace(CONFLICT, '$1 cannot also be provided')
    .trim()
}

/** Stable names for what oclif only says in words. */
function codeOf(message: string): string {
  return message.includes('cannot also be provided') ? 'conflicting-flags' : 'invalid-flag'
}

function isNamed(arg: unknown): arg is { name: string } {
  return typeof arg === 'object' && arg !== null && 'name' in arg && typeof arg.name === 'string'
}

function helpHint({ name }: Parsed): string {
  return `ktool ${name} --help shows how it is used`
}

function isParseError(error: unknown): error is ParseError {
  return error instanceof Error && 'oclif' in error
}
