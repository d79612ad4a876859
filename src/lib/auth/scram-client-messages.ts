import { malformedScram, nameOf } from './scram-messages.ts'

/** What a client said first. */
export interface ScramGreeting {
  readonly username: string
  /** As whom to act, as it is written; empty for the user itself. */
  readonly authorizationId: string
  readonly isDelegationToken: boolean
  readonly nonce: string
  /** Without the header; a part of what is signed. */
  readonly bare: string
}

/** What a client said last. */
export interface ScramProof {
  readonly nonce: string
  readonly proof: Buffer
  /** A part of what is signed. */
  readonly withoutProof: string
}

/** What Kafka takes for each part: ASCII alone, and no NUL. */
const NAME = '(?:[\\x01-\\x2b\\x2d-\\x3c\\x3e-\\x7f]|=2C|=3D)+'
const VALUE = '[\\x01-\\x2b\\x2d-\\x7f]+'
const NONCE = '[\\x21-\\x2b\\x2d-\\x7e]+'
const EXTENSIONS = `(?:,[A-Za-z]+=${VALUE})*`
const BASE64 = '(?:[a-zA-Z0-9/+]{4})*(?:[a-zA-Z0-9/+]{3}=|[a-zA-Z0-9/+]{2}==)?'

const greeting = new RegExp(`^n,(?:a=(${NAME}))?,(?:m=${VALUE},)?n=(${NAME}),r=(${NONCE})(${EXTENSIONS})$`)
const ending = new RegExp(`^c=(${BASE64}),r=(${NONCE})${EXTENSIONS},p=(${BASE64})$`)

export function readGreeting(message: Buffer): ScramGreeting {
  const found = greeting.exec(message.toString('utf8'))
  if (found === null) throw malformedScram('it does not begin with a header, a name and a nonce')
  const [, authorizationId = '', name = '', nonce = '', text = ''] = found
  const extensions = extensionsOf(text)
  return {
    ...{ username: nameOf(name), authorizationId, nonce },
    isDelegationToken: extensions.get('tokenauth')?.toLowerCase() === 'true',
    bare: [`n=${name}`, `r=${nonce}`, ...[...extensions].map((each) => each.join('='))].join(','),
  }
}

export function readProof(message: Buffer): ScramProof {
  const found = ending.exec(message.toString('utf8'))
  if (found === null) throw malformedScram('it is no channel, nonce and proof')
  const [, channel = '', nonce = '', proof = ''] = found
  const binding = Buffer.from(channel, 'base64').toString('base64')
  // Kafka signs what it understood, and forgets extensions.
  return { nonce, proof: Buffer.from(proof, 'base64'), withoutProof: `c=${binding},r=${nonce}` }
}

function extensionsOf(text: string): ReadonlyMap<string, string> {
  const said = text === '' ? [] : text.slice(1).split(',')
  return new Map(said.map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)]))
}
