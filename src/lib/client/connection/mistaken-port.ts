import { ConnectionError } from '../../errors.ts'

/** Something other than Kafka in the clear answers: what it is can often be told from its first bytes. */
export function mistakenPort(bytes: Uint8Array): ConnectionError | undefined {
  if ((bytes[0] === 0x15 || bytes[0] === 0x16) && bytes[1] === 3) {
    return new ConnectionError('tls-port', 'it answers in TLS, and was asked without', {
      hint: 'say -X security.protocol=SSL (or SASL_SSL), in the context or in --command-config',
    })
  }
  const text = Buffer.from(bytes.subarray(0, 5)).toString('latin1')
  if (text.startsWith('HTTP')) {
    return new ConnectionError('http-port', 'a web server answers there, and no Kafka', {
      hint: 'name the port of a Kafka listener; 9092 is the usual one',
    })
  }
  if (text.startsWith('SSH-')) {
    return new ConnectionError('ssh-port', 'an SSH server answers there, and no Kafka')
  }
  return undefined
}
