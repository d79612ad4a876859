import { type Der, DerReader, tags } from '../../config/security/key-stores/der.ts'

/** What Java has a word for; anything else is told by its number. */
const words: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'STREET',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
}
/** PrintableString, UTF8String and the older kinds of text. */
const TEXTS: ReadonlySet<number> = new Set([0x0c, 0x13, 0x14, 0x16, 0x1b, 0x1e])
const BMP = 0x1e
const UTF8 = 0x0c

/** The subject of a certificate as Java's brokers write it (RFC 2253). */
export function subjectName(certificate: Buffer): string {
  return subjectParts(certificate).join(',')
}

/** The last part first. */
export function subjectParts(certificate: Buffer): string[] {
  const body = new DerReader(certificate).inside(tags.sequence).inside(tags.sequence)
  body.maybe(tags.explicit0)
  body.take(tags.integer)
  body.take(tags.sequence)
  body.take(tags.sequence)
  body.take(tags.sequence)
  const parts: string[] = []
  const names = body.inside(tags.sequence)
  while (!names.isAtEnd) parts.unshift(part(names.inside(tags.set)))
  return parts
}

function part(attributes: DerReader): string {
  const all: string[] = []
  while (!attributes.isAtEnd) {
    const attribute = attributes.inside(tags.sequence)
    const oid = attribute.oid()
    const value = attribute.any()
    const word = words[oid]
    const isText = word !== undefined && TEXTS.has(value.tag)
    all.push(`${word ?? oid}=${isText ? escaped(textOf(value)) : `#${value.whole.toString('hex')}`}`)
  }
  return all.join('+')
}

function textOf({ tag, content }: Der): string {
  if (tag === BMP) return Buffer.from(content).swap16().toString('utf16le')
  return content.toString(tag === UTF8 ? 'utf8' : 'latin1')
}

function escaped(text: string): string {
  const plain = text.replace(/[,=+<>#;"\\]/g, '\\$&').replaceAll('\0', '\\00')
  const spaces = (blanks: string) => blanks.replace(/./gs, '\\$&')
  return plain.replace(/^[ \r]+/, spaces).replace(/[ \r]+$/, spaces)
}
