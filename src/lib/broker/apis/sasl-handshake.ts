import { saslHandshake as saslHandshakeApi } from '../../protocol/apis/sasl-handshake.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { handler } from './handler.ts'

/** On a listener without SASL nobody has to say who they are, and nobody may. */
export const saslHandshake = handler(saslHandshakeApi, () => ({ errorCode: errorCodes.ILLEGAL_SASL_STATE }))
