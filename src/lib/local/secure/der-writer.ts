import { formatTime } from '../../values/times.ts'

/** One value of DER: its tag, its length, and what is in it. */
export function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents)
  return Buffer.concat([Buffer.of(tag), lengthOf(content.length), content])
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length)
  if (length < 0x100) return Buffer.of(0x81, length)
  return Buffer.of(0x82, length >> 8, length & 0xff)
}

export function sequence(...contents: readonly Uint8Array[]): Buffer {
  return der(0x30, ...contents)
}

export function octets(content: Uint8Array): Buffer {
  return der(0x04, content)
}

/** All bits count. */
export function bits(content: Uint8Array): Buffer {
  return der(0x03, Buffer.of(0), content)
}

export function utf8(text: string): Buffer {
  return der(0x0c, Buffer.from(text))
}

/** Positive, however its first bit stands. */
export function integer(bytes: Uint8Array): Buffer {
  return der(0x02, (bytes[0] ?? 0) >= 0x80 ? Buffer.of(0) : Buffer.of(), bytes)
}

/** As people write it: 1.2.840.… */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return der(0x06, Buffer.from([first * 40 + second, ...rest].flatMap(base128)))
}

function base128(number: number): number[] {
  const digits = [number & 0x7f]
  for (let left = Math.floor(number / 128); left > 0; left = Math.floor(left / 128))
    digits.unshift((left & 0x7f) | 0x80)
  return digits
}

/** To the second, in the form that certificates have until the year 2049. */
export function utcTime(ms: number): Buffer {
  const text = formatTime(ms).replace(/^\d\d|[-:T]|\.\d+/g, '')
  return der(0x17, Buffer.from(text))
}
