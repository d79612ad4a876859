import { expect, it } from 'vitest'
import { secureListeners } from '../../../../src/lib/broker/security/secure-listeners.ts'
import { systemClock } from '../../../../src/lib/ports/clock.ts'
import { systemRandom } from '../../../../src/lib/ports/random.ts'
import { systemDisk } from '../../../../src/lib/ports/system-disk.ts'

const ports = { disk: systemDisk, random: systemRandom, clock: systemClock(() => process.hrtime()) }
const listeners = [
  { name: 'PLAINTEXT', protocol: 'PLAINTEXT' },
  { name: 'OURS', protocol: 'SASL_PLAINTEXT' },
] as const
const plain = 'org.apache.kafka.common.security.plain.PlainLoginModule'
const usual = {
  'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-512',
  'listener.name.ours.plain.sasl.jaas.config': `${plain} required user_alice="alice-secret";`,
}

const serving = (settings: Record<string, string>) =>
  secureListeners(listeners, new Map(Object.entries({ ...usual, ...settings })), ports)

it.each<[Record<string, string>, RegExp]>([
  [
    { 'principal.builder.class': 'com.example.Mine' },
    /^principal.builder.class: the local broker runs no Java, and has no com.example.Mine$/,
  ],
  [
    { 'listener.name.ours.plain.sasl.server.callback.handler.class': 'com.example.Users' },
    /^listener.name.ours.plain.sasl.server.callback.handler.class: .* has no com.example.Users$/,
  ],
  [{ 'listener.name.ours.ssl.engine.factory.class': 'com.example.Tls' }, /ssl.engine.factory.class: .*Tls$/],
  [{ 'sasl.enabled.mechanisms': 'GSSAPI' }, /cannot log clients in by GSSAPI \(sasl.enabled.mechanisms\)/],
  [
    { 'listener.name.ours.plain.sasl.jaas.config': `${plain} required;` },
    /PLAIN has nobody who could log in/,
  ],
  [
    { 'listener.name.ours.plain.sasl.jaas.config': `${plain} required user_bob="";` },
    /^listener.name.ours.plain.sasl.jaas.config: user bob has no password/,
  ],
  [{ 'sasl.enabled.mechanisms': '' }, /GSSAPI \(Kafka's default where listener.name.ours.sasl.enabled.mech/],
  [{ 'ssl.principal.mapping.rules': 'NONSENSE' }, /cannot be read: "NONSENSE"/],
])('%j is refused in a sentence, without anybody’s password', (settings, sentence) => {
  expect(() => serving(settings)).toThrow(sentence)
  expect(() => serving(settings)).not.toThrow('alice-secret')
})

it('takes the classes of Kafka’s own for what they are', () => {
  const own = 'org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder'
  expect(serving({ 'principal.builder.class': own, 'security.providers': '' }).size).toBe(2)
})
