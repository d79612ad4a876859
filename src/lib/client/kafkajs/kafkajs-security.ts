import type { KafkaConfig, SASLOptions } from 'kafkajs'
import type { ClusterSettings, TokenSettings, TokenSource } from '../../config/cluster-settings.ts'
import { BugError } from '../../errors.ts'
import type { TlsTrust } from '../../ports/network.ts'

/** Brings a token that is good now. */
export type TokenOf = (source: TokenSource) => Promise<string>

type Security = Pick<KafkaConfig, 'ssl' | 'sasl'>
type Ssl = Exclude<KafkaConfig['ssl'], boolean | undefined>

/** How a cluster is reached, in kafkajs's words. */
export function kafkajsSecurity({ tls, sasl }: ClusterSettings, tokenOf?: TokenOf): Security {
  return {
    ...(tls === null ? {} : { ssl: sslOf(tls) }),
    ...(sasl === null
      ? {}
      : { sasl: sasl.mechanism === 'OAUTHBEARER' ? bearerOf(sasl, tokenOf) : passwordOf(sasl) }),
  }
}

function sslOf({ identity, verifies, checksHost, ...trust }: TlsTrust): Ssl {
  const { authorities, leastVersion, mostVersion, ciphers } = trust
  return {
    minVersion: leastVersion,
    rejectUnauthorized: verifies,
    ...(mostVersion === null ? {} : { maxVersion: mostVersion }),
    ...(authorities === null ? {} : { ca: [...authorities] }),
    ...(ciphers === null ? {} : { ciphers }),
    ...(checksHost ? {} : { checkServerIdentity: () => undefined }),
    ...(identity === null ? {} : { cert: identity.chain, key: identity.key }),
    ...(identity === null || identity.passphrase === null ? {} : { passphrase: identity.passphrase }),
  }
}

function passwordOf({
  mechanism,
  username,
  password,
}: Exclude<ClusterSettings['sasl'], TokenSettings | null>): SASLOptions {
  switch (mechanism) {
    case 'PLAIN':
      return { mechanism: 'plain', username, password }
    case 'SCRAM-SHA-256':
      return { mechanism: 'scram-sha-256', username, password }
    case 'SCRAM-SHA-512':
      return { mechanism: 'scram-sha-512', username, password }
  }
}

function bearerOf({ token, extensions }: TokenSettings, tokenOf?: TokenOf): SASLOptions {
  if (tokenOf === undefined)
    throw new BugError('no-token-source', 'OAUTHBEARER was asked for, and nobody brings tokens')
  // What its types leave out, its code passes on to the broker (KIP-342).
  const bring = async () => ({ value: await tokenOf(token), extensions })
  return { mechanism: 'oauthbearer', oauthBearerProvider: bring }
}
