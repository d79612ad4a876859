import type { ClusterSettings, SaslSettings } from '../../config/cluster-settings.ts'
import { BugError } from '../../errors.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Network } from '../../ports/network.ts'
import { authenticate } from './authenticate.ts'
import { Connection } from './connection.ts'
import type { Logins } from './logins.ts'
import { negotiate } from './negotiate.ts'
import type { Peer } from './peer.ts'
import { Session } from './session.ts'

/** What a client of Kafka needs of the world. */
export interface ClientWorld {
  readonly network: Network
  readonly clock: Clock
  /** What brokers are told of who asks (KIP-511). */
  readonly software: { readonly name: string; readonly version: string }
  /** Keeps which cluster a context has turned out to mean. */
  readonly pin?: (context: string, clusterId: string) => Promise<void>
  /** Where the settings have SASL. */
  readonly logins?: Logins
}

/** A link that knows what the broker serves, and is known to it. */
export async function openConnection(
  peer: Peer,
  settings: ClusterSettings,
  world: ClientWorld,
  patienceMs: number,
): Promise<Connection> {
  const { clientId, tls, sasl } = settings
  const connection = await Connection.open(peer, { ...world, clientId, tls }, patienceMs)
  try {
    await negotiate(connection, world.software, patienceMs)
    if (sasl !== null) await logIn(connection, sasl, world, patienceMs)
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}

async function logIn(
  connection: Connection,
  sasl: SaslSettings,
  { clock, logins }: ClientWorld,
  patienceMs: number,
): Promise<void> {
  if (logins === undefined) throw new BugError('no-logins', 'SASL was asked for, and nobody makes logins')
  const login = async (patience: number) => authenticate(connection, await logins.client(sasl), patience)
  connection.session = new Session({ clock, login, chance: () => logins.chance() })
  await connection.session.begin(patienceMs)
}
