import { expect, it } from 'vitest'
import { kafkajsSecurity } from '../../../../src/lib/client/kafkajs/kafkajs-security.ts'
import type { ClusterSettings } from '../../../../src/lib/config/cluster-settings.ts'

const plain: ClusterSettings = {
  bootstrap: [{ host: 'kafka1', port: 9092 }],
  clientId: 'ktool',
  tls: null,
  sasl: null,
  timeoutMs: 1000,
  context: null,
}
const trust = {
  authorities: ['CA'],
  identity: { chain: 'CHAIN', key: 'KEY', passphrase: 'open' },
  verifies: true,
  checksHost: true,
  leastVersion: 'TLSv1.3',
  mostVersion: null,
  ciphers: null,
} as const

it('asks for nothing where nothing is asked for', () => {
  expect(kafkajsSecurity(plain)).toEqual({})
})

it('believes those that we believe, and shows who we are', () => {
  expect(kafkajsSecurity({ ...plain, tls: trust })).toEqual({
    ssl: {
      ca: ['CA'],
      cert: 'CHAIN',
      key: 'KEY',
      passphrase: 'open',
      minVersion: 'TLSv1.3',
      rejectUnauthorized: true,
    },
  })
})

it('lets a certificate have any name only where that was asked for', () => {
  const { ssl } = kafkajsSecurity({ ...plain, tls: { ...trust, checksHost: false } })
  expect(ssl).toHaveProperty('checkServerIdentity')
})

it('brings a new token each time one is asked for, with its extensions', async () => {
  let count = 0
  const sasl = {
    mechanism: 'OAUTHBEARER',
    token: { kind: 'static', token: 'T' },
    extensions: { logicalCluster: 'lkc-1' },
  } as const
  const security = kafkajsSecurity({ ...plain, sasl }, async () => `token ${++count}`)
  const bring =
    security.sasl !== undefined && 'oauthBearerProvider' in security.sasl
      ? security.sasl.oauthBearerProvider
      : undefined
  expect([await bring?.(), await bring?.()]).toEqual([
    { value: 'token 1', extensions: { logicalCluster: 'lkc-1' } },
    { value: 'token 2', extensions: { logicalCluster: 'lkc-1' } },
  ])
})

it('says a password by the mechanism that was named', () => {
  const sasl = { mechanism: 'SCRAM-SHA-512', username: 'ann', password: 'secret' } as const
  expect(kafkajsSecurity({ ...plain, sasl }).sasl).toEqual({
    mechanism: 'scram-sha-512',
    username: 'ann',
    password: 'secret',
  })
})
