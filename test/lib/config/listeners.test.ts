import { describe, expect, it } from 'vitest'
import {
  formatAddress,
  parseAddress,
  parseNamedAddress,
  parseNamedAddresses,
} from '../../../src/lib/config/listeners.ts'

describe('the address of a listener', () => {
  it.each([
    ['PLAINTEXT://127.0.0.1:9092', { name: 'PLAINTEXT', host: '127.0.0.1', port: 9092 }],
    ['plaintext://localhost:0', { name: 'PLAINTEXT', host: 'localhost', port: 0 }],
    ['PLAINTEXT://:9092', { name: 'PLAINTEXT', host: '', port: 9092 }],
    ['IN_SIDE-1://[::1]:9092', { name: 'IN_SIDE-1', host: '::1', port: 9092 }],
  ])('%s is read', (text, address) => {
    expect(parseNamedAddress(text)).toEqual(address)
  })

  it.each([
    '9092',
    'localhost:9092',
    'PLAINTEXT://h',
    'PLAINTEXT://h:65536',
    'PLAINTEXT://::1:9092',
    '://h:1',
    '',
  ])('%j is refused', (text) => {
    expect(() => parseNamedAddress(text)).toThrow('no address of a listener')
  })

  it('may have others behind commas', () => {
    expect(parseNamedAddresses(' A://:1 , B://h:2,').map(({ name }) => name)).toEqual(['A', 'B'])
  })

  it.each(['127.0.0.1:9092', '[::1]:9092', 'some.host:1'])('%s is written as it is read', (text) => {
    const address = parseAddress(text)
    expect(address && formatAddress(address)).toBe(text)
  })
})
