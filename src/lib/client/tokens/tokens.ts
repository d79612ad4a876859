import type { TokenSource } from '../../config/cluster-settings.ts'
import { AuthError, FailedError } from '../../errors.ts'
import type { Clock } from '../../ports/clock.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import type { Network } from '../../ports/network.ts'
import type { Environment, Processes } from '../../ports/processes.ts'
import { oidcToken } from './oidc-token.ts'
import { endOfToken } from './token-life.ts'
import { unsecuredToken } from './unsecured-token.ts'

const LARGEST_FILE_BYTES = 64 * 1024
/** A token endpoint that is slower is not waited for. */
const PATIENCE_MS = 10_000
/** How much of a token's life is used: a broker must believe it for a while yet. */
const USED_SHARE = 0.8
/** For tokens that do not say how long they are good for. */
const UNKNOWN_LIFE_MS = 5 * 60_000

export interface TokenWorld {
  readonly network: Network
  readonly clock: Clock
  readonly disk: ReadableDisk
  readonly processes: Pick<Processes, 'outputOf'>
  readonly environment: Environment
}

type CostlySource = Extract<TokenSource, { kind: 'command' | 'oidc' }>

interface Kept {
  readonly token: string
  readonly untilMs: number
}

/** Brings tokens, and keeps those that cost something for most of their life. */
export class Tokens {
  readonly #world: TokenWorld
  readonly #kept = new Map<TokenSource, Promise<Kept>>()

  constructor(world: TokenWorld) {
    this.#world = world
  }

  of(source: TokenSource): Promise<string> {
    switch (source.kind) {
      case 'static':
        return Promise.resolve(source.token)
      case 'file':
        return this.#fromFile(source.path)
      case 'unsecured':
        return Promise.resolve(
          unsecuredToken(source.claims, source.lifetimeSeconds, this.#world.clock.nowMs()),
        )
      case 'command':
      case 'oidc':
        return this.#keptOf(source)
    }
  }

  /** Ten connections that are opened at once ask for one token. */
  async #keptOf(source: CostlySource): Promise<string> {
    const known = this.#kept.get(source)
    if (known !== undefined) {
      const { token, untilMs } = await known
      if (this.#world.clock.nowMs() < untilMs) return token
    }
    // Somebody else may have found out at the same time that it is over.
    const current = this.#kept.get(source)
    return (await (current === known || current === undefined ? this.#keep(source) : current)).token
  }

  #keep(source: CostlySource): Promise<Kept> {
    const kept = this.#anew(source)
    this.#kept.set(source, kept)
    kept.catch(() => this.#kept.delete(source))
    return kept
  }

  async #anew(source: CostlySource): Promise<Kept> {
    const { clock } = this.#world
    const given =
      source.kind === 'oidc'
        ? await oidcToken(source, this.#world, PATIENCE_MS)
        : { token: await this.#fromCommand(source.command), lifetimeMs: null }
    const nowMs = clock.nowMs()
    const endMs = endOfToken(given.token)
    const lifeMs = given.lifetimeMs ?? (endMs === undefined ? UNKNOWN_LIFE_MS : endMs - nowMs)
    return { token: given.token, untilMs: nowMs + lifeMs * USED_SHARE }
  }

  async #fromFile(path: string): Promise<string> {
    const { disk } = this.#world
    if (disk.stat(path)?.kind !== 'file')
      throw new FailedError('file-not-found', `there is no file ${path} with the token`)
    const file = disk.openToRead(path)
    try {
      const bytes = Buffer.alloc(LARGEST_FILE_BYTES)
      return bytes.toString('utf8', 0, file.read(bytes, 0)).trim()
    } finally {
      file.close()
    }
  }

  async #fromCommand(command: readonly string[]): Promise<string> {
    const { processes, environment } = this.#world
    const { exitCode, output } = await processes.outputOf(command, environment, PATIENCE_MS * 3)
    if (exitCode !== 0)
      throw new AuthError(
        'token-command-failed',
        `${command[0]}, which brings the token, ended with ${exitCode}`,
      )
    return output.trim().split(/\r?\n/).at(-1)?.trim() ?? ''
  }
}
