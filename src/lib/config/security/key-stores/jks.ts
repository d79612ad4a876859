import { createHash, timingSafeEqual } from 'node:crypto'
import { DerReader, tags } from './der.ts'
import type { KeyStoreContents, KeyStorePasswords } from './key-store.ts'
import { damagedKeyStore, unknownProtection, wrongPassword } from './key-store-errors.ts'

export const JKS_MAGIC = 0xfeedfeed
const HASH_BYTES = 20
/** Sun's own way to protect a key. */
const KEY_PROTECTOR = '1.3.6.1.4.1.42.2.17.1.1'
/** What Sun mixed into the checksum of the whole. */
const SEASONING = 'Mighty Aphrodite'

/** Java's own kind of key store, as keytool made them up to Java 8. */
export function readJks(bytes: Buffer, { store, key }: KeyStorePasswords): KeyStoreContents {
  // As in Java, certificates can be read without the password; then nobody has looked whether the file is whole.
  if (store !== null) mustBeWhole(bytes, store)
  const reader = new JavaReader(bytes.subarray(0, Math.max(0, bytes.length - HASH_BYTES)))
  reader.int()
  const version = reader.int()
  if (version !== 1 && version !== 2) throw damagedKeyStore(`it is of version ${version}`)
  const count = reader.int()
  const found = { certificates: [] as Buffer[], keys: [] as Buffer[] }
  for (let i = 0; i < count; i++) readEntry(reader, version, key ?? store, found)
  return found
}

function readEntry(
  reader: JavaReader,
  version: number,
  password: string | null,
  found: { certificates: Buffer[]; keys: Buffer[] },
): void {
  const kind = reader.int()
  reader.text()
  reader.skip(8)
  if (kind !== 1 && kind !== 2) throw damagedKeyStore(`an entry is of kind ${kind}`)
  if (kind === 1) {
    const key = reader.bytes()
    if (password !== null) found.keys.push(unprotected(key, password))
  }
  const chainLength = kind === 1 ? reader.int() : 1
  for (let i = 0; i < chainLength; i++) {
    if (version === 2) reader.text()
    found.certificates.push(reader.bytes())
  }
}

function mustBeWhole(bytes: Buffer, password: string): void {
  const end = bytes.length - HASH_BYTES
  if (end < 0) throw damagedKeyStore('it ends too early')
  const computed = createHash('sha1')
    .update(inTwoBytes(password))
    .update(SEASONING)
    .update(bytes.subarray(0, end))
    .digest()
  if (!timingSafeEqual(computed, bytes.subarray(end))) throw wrongPassword()
}

/** A stream of hashes, each of the password and the one before, hides the key; a hash of both proves it. */
function unprotected(bytes: Buffer, password: string): Buffer {
  const info = new DerReader(bytes).inside(tags.sequence)
  const algorithm = info.inside(tags.sequence).oid()
  if (algorithm !== KEY_PROTECTOR) throw unknownProtection(`the algorithm ${algorithm}`)
  const hidden = info.octets()
  if (hidden.length < 2 * HASH_BYTES) throw damagedKeyStore('a key is too short')
  const secret = inTwoBytes(password)
  const sha1 = (more: Buffer) => createHash('sha1').update(secret).update(more).digest()
  const key = Buffer.from(hidden.subarray(HASH_BYTES, -HASH_BYTES))
  let mask = hidden.subarray(0, HASH_BYTES)
  for (let at = 0; at < key.length; at++) {
    if (at % HASH_BYTES === 0) mask = sha1(mask)
    key[at] = (key[at] ?? 0) ^ (mask[at % HASH_BYTES] ?? 0)
  }
  if (!timingSafeEqual(sha1(key), hidden.subarray(-HASH_BYTES))) throw wrongPassword()
  return key
}

function inTwoBytes(password: string): Buffer {
  return Buffer.from(password, 'utf16le').swap16()
}

/** What Java's DataOutputStream wrote. */
class JavaReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  int(): number {
    return this.#take(4).readUInt32BE()
  }

  bytes(): Buffer {
    return this.#take(this.int())
  }

  text(): void {
    this.#take(this.#take(2).readUInt16BE())
  }

  skip(sizeBytes: number): void {
    this.#take(sizeBytes)
  }

  #take(sizeBytes: number): Buffer {
    const end = this.#at + sizeBytes
    if (end > this.#bytes.length) throw damagedKeyStore('it ends too early')
    const part = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return part
  }
}
