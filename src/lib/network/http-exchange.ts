export interface HttpRequest {
  readonly method: string
  /** Without what is asked behind it. */
  readonly path: string
  readonly body: string
  readonly host: string | undefined
  readonly origin: string | undefined
  readonly authorization: string | undefined
}

export interface HttpReply {
  readonly status: number
  readonly json: unknown
}

export type ServeHttp = (request: HttpRequest) => HttpReply | Promise<HttpReply>
