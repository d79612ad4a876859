import {
  asMapping,
  asText,
  asTexts,
  contextOf,
  type ForeignContext,
  type ForeignContexts,
  type Mapping,
  mechanismNamed,
  propertiesOf,
} from './foreign-context.ts'

/** What the file of a tool that writes YAML holds; nothing where none of them would have written it. */
export function yamlContexts(document: unknown): ForeignContexts | undefined {
  const file = asMapping(document)
  if (Array.isArray(file.clusters)) return kaf(file)
  if (Array.isArray(file.profiles)) return rpk(file)
  if (file.contexts !== undefined) return kafkactl(file)
  return undefined
}

function kaf(file: Mapping): ForeignContexts {
  const contexts = (file.clusters as unknown[]).map((each): ForeignContext => {
    const { name, brokers, SASL, TLS, 'security-protocol': protocol } = asMapping(each)
    const sasl = asMapping(SASL)
    const tls = asMapping(TLS)
    const properties = propertiesOf({
      isTls: String(protocol ?? '').endsWith('SSL') || Object.keys(tls).length > 0,
      ca: asText(tls.cafile),
      certificate: asText(tls.clientfile),
      key: asText(tls.clientkeyfile),
      isUnverified: tls.insecure === true,
      mechanism: mechanismNamed(asText(sasl.mechanism)),
      username: asText(sasl.username),
      password: asText(sasl.password),
    })
    return { name: String(name), context: contextOf(asTexts(brokers), properties) }
  })
  return { tool: 'kaf', contexts, current: asText(file['current-cluster']) ?? null }
}

function kafkactl(file: Mapping): ForeignContexts {
  const contexts = Object.entries(asMapping(file.contexts)).map(([name, each]): ForeignContext => {
    const { brokers, sasl: saslSaid, tls: tlsSaid } = asMapping(each)
    const sasl = asMapping(saslSaid)
    const tls = asMapping(tlsSaid)
    const properties = propertiesOf({
      isTls: tls.enabled === true,
      ca: asText(tls.ca),
      certificate: asText(tls.cert),
      key: asText(tls.certKey),
      isUnverified: tls.insecure === true,
      // Without a word it is PLAIN there.
      mechanism: sasl.enabled === true ? mechanismNamed(asText(sasl.mechanism) ?? 'plaintext') : undefined,
      username: asText(sasl.username),
      password: asText(sasl.password),
    })
    return { name, context: contextOf(asTexts(brokers), properties) }
  })
  return { tool: 'kafkactl', contexts, current: asText(file['current-context']) ?? null }
}

function rpk(file: Mapping): ForeignContexts {
  const contexts = (file.profiles as unknown[]).map((each): ForeignContext => {
    const { name, kafka_api } = asMapping(each)
    const { brokers, sasl: saslSaid, tls: tlsSaid } = asMapping(kafka_api)
    const sasl = asMapping(saslSaid)
    const tls = asMapping(tlsSaid)
    const properties = propertiesOf({
      // An empty mapping is TLS with all that is usual.
      isTls: tlsSaid !== undefined && tlsSaid !== null && tls.enabled !== false,
      ca: asText(tls.ca_file),
      certificate: asText(tls.cert_file),
      key: asText(tls.key_file),
      isUnverified: tls.insecure_skip_verify === true,
      mechanism:
        asText(sasl.user) === undefined
          ? undefined
          : mechanismNamed(asText(sasl.mechanism) ?? 'SCRAM-SHA-256'),
      username: asText(sasl.user),
      password: asText(sasl.password),
    })
    return { name: String(name), context: contextOf(asTexts(brokers), properties) }
  })
  return { tool: 'rpk', contexts, current: asText(file.current_profile) ?? null }
}
