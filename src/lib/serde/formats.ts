/** How the bytes of a key or a value are shown, and typed. */
export const serdeFormats = [
  'text',
  'hex',
  'base64',
  'json',
  'short',
  'int',
  'long',
  'float',
  'double',
  'uuid',
] as const

export type SerdeFormat = (typeof serdeFormats)[number]

/** What JSON can say. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue }

/** Bytes in a format; what the format cannot say is base64, and says so by the name of its key. */
export type Deserialized =
  | { readonly isBase64: false; readonly value: JsonValue }
  | { readonly isBase64: true; readonly value: string | null }
