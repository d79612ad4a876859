import { damagedKeyStore } from './key-store-errors.ts'

export interface PemBlock {
  /** `CERTIFICATE`, `PRIVATE KEY` … */
  readonly label: string
  /** As OpenSSL wants it. */
  readonly text: string
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----/gs
const LINE = 64

/** The blocks of a text of PEM. Inside of a properties file it often stands in one line, with blanks where lines ended. */
export function pemBlocks(text: string): PemBlock[] {
  return [...text.matchAll(BLOCK)].map(([, label = '', body = '']) => ({
    label,
    text: blockText(label, body),
  }))
}

export function pemOf(label: string, der: Buffer): string {
  return blockText(label, der.toString('base64'))
}

/** What is no certificate is none of what is believed, such as a comment or a key. */
export function certificatesIn(text: string): string[] {
  const isCertificate = (label: string) => /^(?:X509 |TRUSTED )?CERTIFICATE$/.test(label)
  return pemBlocks(text).flatMap((block) => (isCertificate(block.label) ? [block.text] : []))
}

export function keyIn(text: string): string | undefined {
  return pemBlocks(text).find(({ label }) => label.endsWith('PRIVATE KEY'))?.text
}

function blockText(label: string, body: string): string {
  // Keys of OpenSSL's older kind have lines about their cipher in front.
  if (body.includes(':')) return `-----BEGIN ${label}-----\n${body.trim()}\n-----END ${label}-----\n`
  const base64 = body.replace(/\s+/g, '')
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) throw damagedKeyStore(`what stands in a ${label} is not base64`)
  const lines = base64.match(new RegExp(`.{1,${LINE}}`, 'g')) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}
