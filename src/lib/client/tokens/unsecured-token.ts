/** A token that nobody has signed: the same as Java's clients make for brokers that are tried out. */
export function unsecuredToken(
  claims: Readonly<Record<string, unknown>>,
  lifetimeSeconds: number,
  nowMs: number,
): string {
  const nowSeconds = nowMs / 1000
  const all = { ...claims, iat: nowSeconds, exp: nowSeconds + lifetimeSeconds }
  return `${encoded({ alg: 'none' })}.${encoded(all)}.`
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
