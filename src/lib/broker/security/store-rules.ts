import type { Lookup } from '../../config/security/tls-settings.ts'

const PEM = 'PEM'
const DEFAULT_TYPE = 'JKS'

/** What Kafka says of a store that it cannot make, with Java's class in front. */
export class StoreRefusal extends Error {}

/** Throws where Kafka would not make a key store of these settings, in its words. */
export function mustMakeKeyStore(lookup: Lookup): void {
  const type = storeType(lookup, 'key')
  const { path, password } = storeFile(lookup, 'key')
  const key = lookup.get('ssl.keystore.key')
  const chain = lookup.get('ssl.keystore.certificate.chain')
  if (key !== undefined) {
    if (type !== PEM)
      throw invalid(`SSL private key can be specified only for PEM, but key store type is ${type}.`)
    if (chain === undefined)
      throw invalid('SSL private key is specified, but certificate chain is not specified.')
    if (path !== undefined)
      throw invalid('Both SSL key store location and separate private key are specified.')
    if (password !== undefined)
      throw invalid(
        'SSL key store password cannot be specified with PEM format, only key password may be specified.',
      )
  } else if (chain !== undefined) {
    throw invalid('SSL certificate chain is specified, but private key is not specified')
  } else if (type === PEM && path !== undefined) {
    if (password !== undefined)
      throw invalid(
        'SSL key store password cannot be specified with PEM format, only key password may be specified',
      )
  } else if (path === undefined && password !== undefined) {
    throw invalid('SSL key store is not specified, but key store password is specified.')
  } else if (path !== undefined && password === undefined) {
    throw invalid('SSL key store is specified, but key store password is not specified.')
  }
}

/** The same of a trust store, which may do without a password. */
export function mustMakeTrustStore(lookup: Lookup): void {
  const type = storeType(lookup, 'trust')
  const { path, password } = storeFile(lookup, 'trust')
  if (lookup.get('ssl.truststore.certificates') !== undefined) {
    if (type !== PEM)
      throw invalid(`SSL trust store certs can be specified only for PEM, but trust store type is ${type}.`)
    if (path !== undefined)
      throw invalid('Both SSL trust store location and separate trust certificates are specified.')
    if (password !== undefined) throw invalid('SSL trust store password cannot be specified for PEM format.')
  } else if (type === PEM && path !== undefined) {
    if (password !== undefined) throw invalid('SSL trust store password cannot be specified for PEM format.')
  } else if (path === undefined && password !== undefined) {
    throw invalid('SSL trust store is not specified, but trust store password is specified.')
  }
}

/** A file of another kind than was said is not read. What is called JKS or PKCS12 may be either of the two. */
export function isOfItsType(lookup: Lookup, kind: 'key' | 'trust', text: string): boolean {
  const type = storeType(lookup, kind)
  const isPem = text.includes('-----BEGIN ')
  return type === PEM ? isPem : !isPem && /^(?:JKS|PKCS12)$/i.test(type)
}

/** A store that was named, and cannot be read. */
export function unreadableStore(lookup: Lookup, kind: 'key' | 'trust'): StoreRefusal {
  const { path } = storeFile(lookup, kind)
  const type = storeType(lookup, kind)
  if (path === undefined) return invalid(`Invalid PEM ${kind}store configs`)
  // Of both kinds of stores Kafka says that it was the key store
  return type === PEM
    ? invalid(`Failed to load PEM SSL keystore ${path}`)
    : new StoreRefusal(
        `org.apache.kafka.common.KafkaException: Failed to load SSL keystore ${path} of type ${type}`,
      )
}

export function incompatible(words: string): StoreRefusal {
  return new StoreRefusal(`org.apache.kafka.common.config.ConfigException: ${words}`)
}

function storeType(lookup: Lookup, kind: 'key' | 'trust'): string {
  return lookup.get(`ssl.${kind}store.type`) ?? DEFAULT_TYPE
}

function storeFile(lookup: Lookup, kind: 'key' | 'trust') {
  return { path: lookup.get(`ssl.${kind}store.location`), password: lookup.raw(`ssl.${kind}store.password`) }
}

function invalid(words: string): StoreRefusal {
  return new StoreRefusal(`org.apache.kafka.common.errors.InvalidConfigurationException: ${words}`)
}
