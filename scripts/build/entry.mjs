// What is bundled: ktool, as a program of the local broker, one of the commands about it and one of all others, which need
// little of each other; and one that only describes the commands.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** `src/commands/topics/list.ts` is the command `topics:list`, a class called TopicsList. */
function commandFiles(root) {
  return readdirSync(join(root, 'src/commands'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => file.slice(join(root, 'src/commands').length + 1, -'.ts'.length).replaceAll('\\', '/'))
    .sort()
}

function loaders(root, isPart = () => true) {
  const lines = commandFiles(root)
    .filter(isPart)
    .map((path) => {
      const id = path.replaceAll('/', ':')
      return `  ${JSON.stringify(id)}: () => import('./src/commands/${path}.ts').then((file) => file.${classOf(path)}),`
    })
  return `const loaders = {\n${lines.join('\n')}\n}\n`
}

function classOf(path) {
  return path
    .split(/[/-]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
}

export function describingEntry(root) {
  return `
    import { describeCommand } from './src/lib/cli/describe-command.ts'
    import { indexOf } from './src/lib/cli/manifest.ts'
    import { completionScripts } from './src/lib/cli/completion/scripts.ts'
    ${loaders(root)}
    export async function describe(about) {
      const manifest = []
      for (const [id, load] of Object.entries(loaders)) manifest.push(describeCommand(id, await load()))
      return { manifest, index: [...indexOf(manifest)], completions: completionScripts(manifest, about) }
    }`
}

/** A broker stays in memory for days, and no other command should wait for it to be read. */
const isBroker = (path) => path === 'broker'
const isAboutBroker = (path) => path.startsWith('broker/')

/** The programs by the files that they become; the front door chooses by the first words. */
export function programEntries(root, told) {
  const strange = told.index.filter(([name, id]) => /^broker(:|$)/.test(name) !== /^broker(:|$)/.test(id))
  if (strange.length > 0) throw new Error(`the front door would not find ${strange.join(', ')}`)
  return {
    'ktool.cjs': programEntry(root, told, (path) => !isBroker(path) && !isAboutBroker(path)),
    'ktool-broker.cjs': programEntry(root, told, isBroker),
    'ktool-about-broker.cjs': programEntry(root, told, isAboutBroker),
  }
}

/** The manifest lies beside the program: help alone asks for it. */
function programEntry(root, { about, index }, isPart) {
  const { name, version, description, oclif } = about
  return `
    import { readFileSync } from 'node:fs'
    import { join } from 'node:path'
    import { main as run } from './src/lib/cli/main.ts'
    import { requestOf } from './src/lib/cli/program.ts'
    import { systemClock } from './src/lib/ports/clock.ts'
    import { systemDisk } from './src/lib/ports/system-disk.ts'
    ${loaders(root, isPart)}
    const start = {
      about: ${JSON.stringify({ name, version, description, oclif })},
      index: new Map(${JSON.stringify(index)}),
      load: (id) => loaders[id](),
      manifest: () => JSON.parse(readFileSync(join(__dirname, 'manifest.json'), 'utf8')),
      clock: systemClock(() => process.hrtime()),
      disk: systemDisk,
      // A client needs no chance and no processes, and loading each is felt.
      world: async () => ({
        get random() {
          return require('./src/lib/ports/random.ts').systemRandom
        },
        get network() {
          const { systemEventLoop } = require('./src/lib/ports/event-loop.ts')
          return require('./src/lib/network/sockets.ts').systemNetwork(systemEventLoop())
        },
        get processes() {
          return require('./src/lib/ports/system-processes.ts').systemProcesses(program)
        },
      }),
      startThread: (work, argv) =>
        import('./src/lib/ports/system-threads.ts').then((file) => file.startThread(threadFile, argv, work)),
    }
    const program = {
      id: process.pid,
      platform: process.platform,
      command: [process.execPath, ...process.execArgv, join(__dirname, '..', 'bin', 'ktool.js')],
      kill: (id, signal) => process.kill(id, signal),
    }
    const threadFile = join(__dirname, '..', 'bin', 'thread.js')
    export const main = (process) => run(start, process)
    export const isPartOf = (argv) => {
      const { kind, id } = requestOf(argv, start.index)
      return kind !== 'command' || Object.hasOwn(loaders, id)
    }
    export const work = (orders) => import('./src/lib/cli/thread.ts').then((file) => file.runThread(orders))`
}
