/** RFC 2268: digits of pi, from which a key of any length is drawn out to 128 bytes. */
const PI = Buffer.from(
  'd978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2' +
    '179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82' +
    '54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626' +
    '6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7' +
    '08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ec' +
    'c2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731' +
    '2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a9' +
    '0d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad',
  'hex',
)
const BLOCK_BYTES = 8
const KEY_BYTES = 128
const SHIFTS = [1, 2, 3, 5] as const

/**
 * RC2 in CBC mode, backwards. OpenSSL 3 has it no more, and Java and OpenSSL have for decades written the certificates
 * of their key stores with it.
 */
export function decryptRc2(key: Buffer, iv: Buffer, data: Buffer): Buffer {
  const words = expand(key)
  const plain = Buffer.alloc(data.length)
  let before = iv
  for (let at = 0; at + BLOCK_BYTES <= data.length; at += BLOCK_BYTES) {
    const block = data.subarray(at, at + BLOCK_BYTES)
    const opened = decryptBlock(words, block)
    for (let i = 0; i < BLOCK_BYTES; i++) plain[at + i] = (opened[i] ?? 0) ^ (before[i] ?? 0)
    before = block
  }
  return plain
}

function expand(key: Buffer): Uint16Array {
  const bytes = Buffer.alloc(KEY_BYTES)
  key.copy(bytes)
  for (let i = key.length; i < KEY_BYTES; i++)
    bytes[i] = pi((bytes[i - 1] ?? 0) + (bytes[i - key.length] ?? 0))
  // The effective length is that of the key, as PKCS #12 has it.
  const first = KEY_BYTES - key.length
  bytes[first] = pi(bytes[first] ?? 0)
  for (let i = first - 1; i >= 0; i--) bytes[i] = pi((bytes[i + 1] ?? 0) ^ (bytes[i + key.length] ?? 0))
  return Uint16Array.from({ length: KEY_BYTES / 2 }, (_, i) => bytes.readUInt16LE(2 * i))
}

function pi(index: number): number {
  return PI[index & 0xff] ?? 0
}

function decryptBlock(words: Uint16Array, block: Buffer): Buffer {
  const r = Uint16Array.from({ length: 4 }, (_, i) => block.readUInt16LE(2 * i))
  for (let round = 15; round >= 0; round--) {
    unmix(r, words, round)
    if (round === 11 || round === 5) unmash(r, words)
  }
  const plain = Buffer.alloc(BLOCK_BYTES)
  for (const [i, word] of r.entries()) plain.writeUInt16LE(word, 2 * i)
  return plain
}

function unmix(r: Uint16Array, words: Uint16Array, round: number): void {
  for (let i = 3; i >= 0; i--) {
    const [before, two, three] = [word(r, i + 3), word(r, i + 2), word(r, i + 1)]
    const shift = SHIFTS[i] ?? 0
    const turned = (word(r, i) >>> shift) | (word(r, i) << (16 - shift))
    r[i] = turned - (words[4 * round + i] ?? 0) - (before & two) - (~before & three)
  }
}

function unmash(r: Uint16Array, words: Uint16Array): void {
  for (let i = 3; i >= 0; i--) r[i] = word(r, i) - (words[word(r, i + 3) & 63] ?? 0)
}

/** Before the first comes the last. */
function word(r: Uint16Array, index: number): number {
  return r[index & 3] ?? 0
}
