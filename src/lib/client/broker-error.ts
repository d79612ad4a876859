import { AuthError, BrokerError, type KtoolError } from '../errors.ts'
import { errorCodes } from '../protocol/error-codes.ts'
import { type ProtocolError, protocolErrors } from '../protocol/errors.ts'

const byCode = new Map(protocolErrors.map((error) => [error.code, error]))

/** Nothing for 0, which is none. */
export function protocolError(code: number): ProtocolError | undefined {
  return code === errorCodes.NONE ? undefined : (byCode.get(code) ?? unheardOf(code))
}

/** What a broker answered, for people: its own words where it has any. */
export function brokerError(code: number, words?: string | null): KtoolError {
  const { name, about, hint, retriable, exception } = protocolError(code) ?? unheardOf(code)
  const message = words === null || words === undefined || words.trim() === '' ? about : words
  const facts = { hint, details: { errorCode: code, error: name, retriable, exception } }
  const asked = name.toLowerCase().replaceAll('_', '-')
  return isDenial(name) ? new AuthError(asked, message, facts) : new BrokerError(asked, message, facts)
}

function isDenial(name: string): boolean {
  return /_AUTHORIZATION_FAILED$|^SASL_AUTHENTICATION_FAILED$|^DELEGATION_TOKEN_AUTH/.test(name)
}

/** Of a Kafka that is newer than this ktool. */
function unheardOf(code: number): ProtocolError {
  return {
    code,
    name: `ERROR_${code}`,
    exception: null,
    about: `The broker answered with the error code ${code}, which this ktool does not know.`,
    hint: 'A newer ktool may know it.',
    retriable: false,
    refreshMetadata: false,
    invalidMetadata: false,
    abortableTransaction: false,
    recoverableByApplication: false,
  }
}
