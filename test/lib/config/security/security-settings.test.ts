import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { readClusterSettings } from '../../../../src/lib/config/read-cluster-settings.ts'
import { parseJaas } from '../../../../src/lib/config/security/jaas.ts'
import { systemDisk } from '../../../../src/lib/ports/system-disk.ts'

const folder = mkdtempSync(join(tmpdir(), 'ktool-properties-'))
const stores = fileURLToPath(new URL('../../../golden/key-stores/', import.meta.url))
const plain = 'org.apache.kafka.common.security.plain.PlainLoginModule required'
const bearer = 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required'

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function settings(text: string, typed: readonly string[] = [], environment: Record<string, string> = {}) {
  const path = join(folder, 'client.properties')
  writeFileSync(path, text)
  return readClusterSettings(
    { bootstrap: 'kafka1', 'command-config': path, set: typed },
    { disk: systemDisk, environment: { XDG_CONFIG_HOME: folder, ...environment }, platform: 'linux' },
  )
}

describe('client.properties', () => {
  it('says as whom we come, in the lines that Java reads', () => {
    const text = `security.protocol = SASL_PLAINTEXT\nsasl.mechanism:PLAIN
sasl.jaas.config=${plain} \\
    username="carol" \\
    password="a b;=c";
client.id=me\nrequest.timeout.ms=1500\n`
    expect(settings(text)).toMatchObject({
      bootstrap: [{ host: 'kafka1', port: 9092 }],
      sasl: { mechanism: 'PLAIN', username: 'carol', password: 'a b;=c' },
      tls: null,
      clientId: 'me',
      timeoutMs: 1500,
      notes: [],
    })
  })

  it('names its cluster, where no other one is named', () => {
    const path = join(folder, 'named.properties')
    writeFileSync(path, 'bootstrap.servers=kafka7:9999\n')
    const world = { disk: systemDisk, environment: { XDG_CONFIG_HOME: folder }, platform: 'linux' }
    const { bootstrap } = readClusterSettings({ 'command-config': path }, world)
    expect(bootstrap).toEqual([{ host: 'kafka7', port: 9999 }])
  })

  it('opens trust store and key store', () => {
    const text = `security.protocol=SSL
ssl.truststore.location=${stores}trust.jks
ssl.keystore.location=${stores}client.jks
ssl.keystore.password=key-store-password
ssl.key.password=another-key-password
ssl.endpoint.identification.algorithm=
ssl.enabled.protocols=TLSv1.2
ssl.cipher.suites=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,TLS_RSA_WITH_AES_128_CBC_SHA,TLS_AES_128_GCM_SHA256\n`
    expect(settings(text).tls).toMatchObject({
      authorities: [expect.stringMatching(/^-----BEGIN CERTIFICATE/)],
      identity: { chain: expect.stringMatching(/CERTIFICATE/), key: expect.stringMatching(/PRIVATE KEY/) },
      verifies: true,
      checksHost: false,
      mostVersion: 'TLSv1.2',
      ciphers: 'ECDHE-RSA-AES256-GCM-SHA384:AES128-SHA:TLS_AES_128_GCM_SHA256',
    })
  })

  it("may be written in librdkafka's words", () => {
    const text = `security.protocol=sasl_ssl\nsasl.mechanisms=SCRAM-SHA-512\nsasl.username=bob\nsasl.password=pw
ssl.ca.location=${stores}authority.pem\nssl.certificate.location=${stores}client.pem
ssl.key.location=${stores}client.key\nenable.ssl.certificate.verification=false\n`
    expect(settings(text)).toMatchObject({
      sasl: { mechanism: 'SCRAM-SHA-512', username: 'bob', password: 'pw' },
      tls: { verifies: false, checksHost: true, identity: { passphrase: null } },
    })
  })

  it.each([
    [
      'of today',
      'sasl.oauthbearer.client.credentials.client.id=me\nsasl.oauthbearer.client.credentials.client.secret=s\nsasl.oauthbearer.scope=all\n',
      `${bearer};`,
    ],
    ['of Kafka 3', '', `${bearer} clientId="me" clientSecret="s" scope="all";`],
  ])('says where tokens come from, by the names %s', (_, more, jaas) => {
    const text = `security.protocol=SASL_SSL\nsasl.mechanism=OAUTHBEARER\nsasl.jaas.config=${jaas}
sasl.oauthbearer.token.endpoint.url=https://idp.example/token\n${more}`
    expect(settings(text).sasl).toMatchObject({
      token: {
        kind: 'oidc',
        url: 'https://idp.example/token',
        clientId: 'me',
        clientSecret: 's',
        scope: 'all',
      },
    })
  })

  it('takes tokens from a program, with its words as a shell parts them', () => {
    const text = `security.protocol=SASL_SSL\nsasl.mechanism=OAUTHBEARER\nktool.sasl.oauthbearer.token.command=get 'a b' "c d" e\\\\ f\n`
    expect(settings(text).sasl).toMatchObject({
      token: { kind: 'command', command: ['get', 'a b', 'c d', 'e f'] },
    })
  })

  it('is noted where it does not count, or is known to nobody', () => {
    expect(settings('sasl.password=x\nlinger.ms=5\nssl.truststore.pasword=y\n').notes).toEqual([
      expect.stringMatching(/^sasl\.password .* does not count, since security\.protocol is PLAINTEXT$/),
      expect.stringMatching(
        /^nobody knows the property ssl\.truststore\.pasword .*:3\); ssl\.truststore\.password may/,
      ),
    ])
  })

  it.each([
    ['sasl.mechanism=GSSAPI', /does not know Kerberos/],
    ['sasl.mechanism=AWS_MSK_IAM', /does not know Amazon's IAM/],
    ['sasl.mechanism=SCRAM-SHA-1', /none that ktool knows/],
    [
      `sasl.mechanism=SCRAM-SHA-256\nsasl.jaas.config=${plain} username="a" password="hush";`,
      /does not go with/,
    ],
    [`sasl.mechanism=PLAIN\nsasl.jaas.config=${plain} username="a";`, /there is no password/],
    [
      `sasl.mechanism=PLAIN\nsasl.jaas.config=${plain} username="a" password="hush"`,
      /does not end with a semicolon/,
    ],
    [`sasl.mechanism=PLAIN\nsasl.jaas.config=${plain} username="a" password="hush;`, /quotation mark/],
    [`sasl.mechanism=PLAIN\nsasl.jaas.config=${plain} username "hush";`, /option number 1/],
    ['sasl.username=a', /no mechanism is said/],
    ['sasl.mechanism=OAUTHBEARER', /nothing says where it comes from/],
  ])('is refused with %j, and nothing secret is said', (text, message) => {
    expect(() => settings(`security.protocol=SASL_PLAINTEXT\n${text}\n`)).toThrow(message)
    expect(() => settings(`security.protocol=SASL_PLAINTEXT\n${text}\n`)).not.toThrow(/hush/)
  })

  it.each([
    ['security.protocol=TLS', /is one of PLAINTEXT, SSL/],
    ['security.protocol=SSL\nssl.truststore.location=/no/such', /there is no file \/no\/such/],
    ['security.protocol=SSL\nssl.enabled.protocols=TLSv1', /older ones are not safe/],
    ['security.protocol=SSL\nssl.endpoint.identification.algorithm=ldaps', /it is https, or empty/],
  ])('is refused with %j', (text, message) => {
    expect(() => settings(`${text}\n`)).toThrow(message)
  })
})

describe('-X', () => {
  const file = 'security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\nsasl.username=a\nsasl.password=b\n'

  it('wins over the file, with secrets from elsewhere', () => {
    writeFileSync(join(folder, 'pw'), 'from a file\n')
    expect(settings(file, [`sasl.password=@${join(folder, 'pw')}`]).sasl).toMatchObject({
      password: 'from a file',
    })
    expect(settings(file, ['sasl.password=env:PW'], { PW: 'told' }).sasl).toMatchObject({ password: 'told' })
  })

  it('takes no secret, and no name that nobody knows', () => {
    expect(() => settings(file, ['sasl.password=hush'])).toThrow(/sasl\.password is a secret/)
    expect(() => settings(file, ['sasl.pasword=hush'])).toThrow(
      'there is no property sasl.pasword; sasl.password may be meant',
    )
  })
})

it('reads comments, single quotes and escapes of JAAS', () => {
  const { module, options } = parseJaas(
    `a.b.X /* one */ required // two\n k='v w' "n"="\\t\\101" d=1.5 ;`,
    'P',
  )
  expect([module, ...options]).toEqual(['X', ['k', 'v w'], ['n', '\tA'], ['d', '1.5']])
})
