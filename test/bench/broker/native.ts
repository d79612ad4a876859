import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** From where the bundled bench lies. */
const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const out = at('.cache/bench/')

/** The client that only replays, compiled by the system's C compiler. */
export function replayProgram(): string {
  return compiled('replay', [])
}

/** A server without a protocol, and its client. */
export function bareProgram(): string {
  return compiled('bare', [])
}

/** librdkafka as Go's module of it ships it; nothing where Go cannot fetch it. */
export function librdkafkaProgram(): string | undefined {
  const modules = at('test/conformance/clients/go')
  const name = 'github.com/confluentinc/confluent-kafka-go/v2'
  try {
    const cwd = { cwd: modules, encoding: 'utf8' } as const
    execFileSync('go', ['mod', 'download', name], cwd)
    const folder = execFileSync('go', ['list', '-m', '-f', '{{.Dir}}', name], cwd).trim()
    const vendor = join(folder, 'kafka/librdkafka_vendor')
    const library = join(vendor, 'librdkafka_glibc_linux_amd64.a')
    if (!existsSync(library)) return undefined
    return compiled('librdkafka', [`-I${vendor}`, library, '-lm', '-ldl', '-lpthread', '-lrt'])
  } catch {
    return undefined
  }
}

function compiled(name: string, more: readonly string[]): string {
  mkdirSync(out, { recursive: true })
  const program = join(out, name)
  execFileSync('cc', ['-O2', '-o', program, at(`test/bench/broker/${name}.c`), ...more])
  return program
}
