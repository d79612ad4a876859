/** Java's names of TLS 1.2 ciphers in OpenSSL's spelling; those of TLS 1.3 and OpenSSL's own stay as they are. */
export function opensslCiphers(said: string | undefined): string | null {
  if (said === undefined) return null
  const names = said.split(/[,:\s]+/).filter((name) => name !== '')
  return names.map(opensslName).join(':')
}

function opensslName(name: string): string {
  const [, exchange, cipher] = /^(?:TLS|SSL)_(\w+)_WITH_(\w+)$/.exec(name) ?? []
  if (exchange === undefined || cipher === undefined) return name
  // RSA alone is not named, and of ChaCha20 no hash is.
  const front = exchange === 'RSA' ? '' : `${exchange.replaceAll('_', '-')}-`
  const back = cipher
    .replace(/^(CHACHA20_POLY1305)_SHA256$/, '$1')
    .replace(/^AES_(\d+)_CBC/, 'AES$1')
    .replace(/^AES_(\d+)/, 'AES$1')
  return front + back.replaceAll('_', '-')
}
