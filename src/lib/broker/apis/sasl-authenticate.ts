import { saslAuthenticate as saslAuthenticateApi } from '../../protocol/apis/sasl-authenticate.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { handler } from './handler.ts'

export const saslAuthenticate = handler(saslAuthenticateApi, () => ({
  errorCode: errorCodes.ILLEGAL_SASL_STATE,
  errorMessage: 'SaslAuthenticate request received after successful authentication',
}))
