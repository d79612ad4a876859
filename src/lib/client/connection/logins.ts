import { OauthBearerClient } from '../../auth/oauth-bearer.ts'
import { PlainClient } from '../../auth/plain.ts'
import type { SaslClient } from '../../auth/sasl-client.ts'
import { ScramClient } from '../../auth/scram-client.ts'
import type { SaslSettings, TokenSource } from '../../config/cluster-settings.ts'
import type { Random } from '../../ports/random.ts'

const NONCE_BYTES = 24
const CHANCES = 1_000_000

/** What it takes to say who we are, each time anew. */
export class Logins {
  readonly #random: Random
  /** Brings a token that is good now. */
  readonly tokenOf: (source: TokenSource) => Promise<string>

  constructor(random: Random, tokenOf: (source: TokenSource) => Promise<string>) {
    this.#random = random
    this.tokenOf = tokenOf
  }

  async client(sasl: SaslSettings): Promise<SaslClient> {
    switch (sasl.mechanism) {
      case 'PLAIN':
        return new PlainClient(sasl.username, sasl.password)
      case 'SCRAM-SHA-256':
      case 'SCRAM-SHA-512':
        return new ScramClient(sasl.mechanism, sasl, this.#random.bytes(NONCE_BYTES).toString('base64'))
      case 'OAUTHBEARER':
        return new OauthBearerClient(await this.tokenOf(sasl.token), sasl.extensions)
    }
  }

  /** From 0 to 1. */
  chance(): number {
    return this.#random.below(CHANCES) / CHANCES
  }
}
