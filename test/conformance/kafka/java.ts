import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { classes, javaSources, libs, pom } from './places.ts'

const run = promisify(execFile)

/** A small JVM that compiles fast rather than well: these programs live for seconds. */
export const jvmFlags = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xmx768m']

const quiet = '-Dorg.slf4j.simpleLogger.defaultLogLevel=off'

/** Has Maven bring Kafka's jars, unless they are here. */
export function fetchLibs(): Promise<void> {
  return fetchJars(pom, libs)
}

/** What the project in this file depends on, in a folder of its own. */
export async function fetchJars(projectFile: string, into: string): Promise<void> {
  if (existsSync(into)) return
  const partial = `${into.slice(0, -1)}.partial`
  rmSync(partial, { recursive: true, force: true })
  const copy = ['dependency:copy-dependencies', `-DoutputDirectory=${partial}`]
  await run('mvn', ['-q', '-B', '-f', projectFile, ...copy])
  renameSync(partial, into)
}

/** Compiles our own Java programs against Kafka's jars, unless they are as they were. Another run may be using them. */
export async function compileJava(): Promise<void> {
  const sources = readdirSync(javaSources)
    .filter((name) => name.endsWith('.java'))
    .map((name) => javaSources + name)
  const newest = Math.max(...[javaSources, ...sources].map((path) => statSync(path).mtimeMs))
  if (existsSync(classes) && statSync(classes).mtimeMs > newest) return
  const partial = `${classes.slice(0, -1)}.partial`
  rmSync(partial, { recursive: true, force: true })
  mkdirSync(partial, { recursive: true })
  await run('javac', ['--release', '17', '-d', partial, '-cp', `${libs}*`, ...sources])
  rmSync(classes, { recursive: true, force: true })
  renameSync(partial, classes)
}

/** Runs a class of Kafka's, or of ours, and returns what it printed. */
export async function java(className: string, args: string[], input = ''): Promise<string> {
  return outputOf(flagsFor(className, args), input)
}

/** The same of other jars. */
export function javaOf(classPath: string, className: string, args: string[]): Promise<string> {
  return outputOf([...jvmFlags, quiet, '-cp', classPath, className, ...args])
}

async function outputOf(flags: string[], input = ''): Promise<string> {
  const running = run('java', flags, { maxBuffer: 1 << 30 })
  // One that ends before it has read this says so by what it prints.
  running.child.stdin?.on('error', () => {}).end(input)
  return (await running).stdout
}

function flagsFor(className: string, args: readonly string[]): string[] {
  return [...jvmFlags, quiet, '-cp', `${classes}:${libs}*`, className, ...args]
}

/** A program that answers each line with one line. */
export interface AnsweringJava {
  ask(line: string): Promise<string>
  stop(): Promise<void>
}

/** Starts one that runs until its standard input ends, and answers in the order in which it is asked. */
export function startAnsweringJava(className: string): AnsweringJava {
  const child = spawn('java', flagsFor(className, []), { stdio: ['pipe', 'pipe', 'inherit'] })
  const waiting: { answered(line: string): void; failed(cause: Error): void }[] = []
  let end: Error | undefined
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.answered(line))
  // One that is gone cannot be written to; why, its end says.
  child.stdin.on('error', () => {})
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  child.once('close', (status) => {
    end = new Error(`${className} ended with ${status}`)
    for (const { failed } of waiting) failed(end)
  })
  return {
    ask(line) {
      if (end !== undefined) return Promise.reject(end)
      const answer = new Promise<string>((answered, failed) => waiting.push({ answered, failed }))
      child.stdin.write(`${line}\n`)
      return answer
    },
    stop() {
      child.stdin.end()
      return ended
    },
  }
}

export interface RunningJava {
  /** Of its standard output; empty as long as there is none. */
  lastLine(): string
  stop(): Promise<void>
}

/** Starts a program that runs until its standard input ends, which it does with this process at the latest. */
export function startJava(className: string, args: string[]): RunningJava {
  const child = spawn('java', flagsFor(className, args), { stdio: ['pipe', 'pipe', 'inherit'] })
  let last = ''
  createInterface({ input: child.stdout }).on('line', (line) => {
    last = line
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  return {
    lastLine: () => last,
    stop() {
      child.stdin.end()
      return ended
    },
  }
}
