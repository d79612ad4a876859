import { FailedError } from '../../errors.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import type { TlsServing } from '../../ports/network.ts'
import { opensslCiphers } from './cipher-names.ts'
import { authoritiesOf, identityOf, type Lookup, versionsOf } from './tls-settings.ts'

/** Who a listener is by TLS, and whom it believes, by the names of server.properties. */
export function listenerTls(
  properties: Lookup,
  clients: TlsServing['clients'],
  disk: ReadableDisk,
): TlsServing {
  const identity = identityOf(properties, disk)
  if (identity === null) throw noCertificate(properties.placeOf('ssl.keystore.location'))
  const versions = versionsOf(properties)
  return {
    identity,
    authorities: clients === 'none' ? null : authoritiesOf(properties, disk),
    clients,
    leastVersion: versions[0] ?? 'TLSv1.2',
    mostVersion: versions.includes('TLSv1.3') ? null : 'TLSv1.2',
    ciphers: opensslCiphers(properties.get('ssl.cipher.suites')),
  }
}

function noCertificate(place: string): FailedError {
  return new FailedError('no-certificate', `a listener with TLS has no certificate: ${place} is not said`, {
    hint: 'name a key store (PEM, PKCS12 or JKS); ktool broker --local --secure makes one itself',
  })
}
