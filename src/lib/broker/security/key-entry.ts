import { X509Certificate } from 'node:crypto'
import { javaHash } from '../../bytes/java-hash.ts'
import { certificateTimeMs } from '../../values/times.ts'
import { inJavaMapOrder } from '../java-map-order.ts'
import { incompatible } from './store-rules.ts'
import { subjectParts } from './subject-name.ts'

/** The certificate of a listener, as far as the next one has to be like it. */
export interface KeyEntry {
  readonly subject: string
  /** Kind and name of each, as Java writes them. */
  readonly names: readonly string[]
  readonly untilMs: number
}

export interface Leniency {
  readonly allowsSubject: boolean
  readonly allowsNames: boolean
}

const kinds: readonly (readonly [string, number])[] = [
  ['email:', 1],
  ['DNS:', 2],
  ['URI:', 6],
  ['IP Address:', 7],
  ['Registered ID:', 8],
]

export function keyEntryOf(chain: string): KeyEntry {
  const certificate = new X509Certificate(chain)
  return {
    subject: subjectParts(certificate.raw).join(', '),
    names: namesOf(certificate),
    untilMs: certificateTimeMs(certificate.validTo),
  }
}

/** Throws what Kafka throws where clients that knew a listener by its certificate would not know it by the next. */
export function mustBeLike(next: KeyEntry, known: KeyEntry, { allowsSubject, allowsNames }: Leniency): void {
  if (!allowsSubject && next.subject !== known.subject)
    throw incompatible(
      `Keystore DistinguishedName does not match:  existing={alias=kafka, DN=${known.subject}}, ` +
        `new={alias=kafka, DN=${next.subject}}`,
    )
  if (!allowsNames && !known.names.every((name) => next.names.includes(name)))
    throw incompatible(
      `Keystore SubjectAltNames do not match:  existing={alias=kafka, SAN=[${known.names.join(', ')}]}, ` +
        `new={alias=kafka, SAN=[${next.names.join(', ')}]}`,
    )
}

/** In the order of Java's set. */
function namesOf({ subjectAltName = '' }: X509Certificate): string[] {
  const names = subjectAltName.split(', ').flatMap((text): [number, string][] => {
    const [prefix, kind] = kinds.find(([start]) => text.startsWith(start)) ?? []
    return prefix === undefined || kind === undefined ? [] : [[kind, text.slice(prefix.length)]]
  })
  const ordered = inJavaMapOrder(names, ([kind, name]) => (31 * (31 + kind) + javaHash(name)) | 0)
  return ordered.map(([kind, name]) => `[${kind}, ${name}]`)
}
