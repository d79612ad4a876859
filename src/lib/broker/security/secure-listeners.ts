import { listenerTls } from '../../config/security/listener-tls.ts'
import type { TlsServing } from '../../ports/network.ts'
import type { SecurityProtocol } from '../apis/handler.ts'
import type { BrokerPorts } from '../broker-ports.ts'
import { mustNeedNoClasses } from './classes-of-others.ts'
import { ListenerLookup } from './listener-lookup.ts'
import { listenerSasl } from './listener-sasl.ts'
import { ANONYMOUS, type ListenerSecurity, plainSecurity } from './listener-security.ts'
import { PrincipalRules } from './principal-rules.ts'
import { subjectName } from './subject-name.ts'

interface Listener {
  readonly name: string
  readonly protocol?: SecurityProtocol
}

type Settings = ReadonlyMap<string, string>

/** What the settings say of the security of each listener, by its name. Throws for what cannot be served. */
export function secureListeners(
  listeners: readonly Listener[],
  settings: Settings,
  ports: Pick<BrokerPorts, 'disk' | 'random' | 'clock'>,
): ReadonlyMap<string, ListenerSecurity> {
  return new Map(
    listeners.map(({ name, protocol = 'PLAINTEXT' }) => {
      const lookup = new ListenerLookup(settings, name)
      mustNeedNoClasses(lookup)
      return [name, protocol === 'PLAINTEXT' ? plainSecurity : secured(protocol, lookup, ports)]
    }),
  )
}

function secured(
  protocol: SecurityProtocol,
  lookup: ListenerLookup,
  ports: Pick<BrokerPorts, 'disk' | 'random' | 'clock'>,
): ListenerSecurity {
  const hasTls = protocol.endsWith('SSL')
  const hasSasl = protocol.startsWith('SASL_')
  const rules = new PrincipalRules(lookup.raw('ssl.principal.mapping.rules') ?? 'DEFAULT')
  return {
    protocol,
    tls: hasTls ? listenerTls(lookup, clientsOf(lookup, hasSasl), ports.disk) : undefined,
    sasl: hasSasl ? listenerSasl(lookup, ports) : undefined,
    principalOf: (certificate) =>
      certificate === null ? ANONYMOUS : `User:${rules.apply(subjectName(certificate))}`,
  }
}

/** Who logs in needs no certificate, unless it is said of this very listener (KIP-684). */
function clientsOf(lookup: ListenerLookup, hasSasl: boolean): TlsServing['clients'] {
  const key = 'ssl.client.auth'
  const said = (hasSasl ? lookup.ofListener(key) : lookup.get(key))?.toLowerCase()
  return said === 'required' || said === 'requested' ? said : 'none'
}
