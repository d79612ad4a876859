/** What every file of the program is bundled with: everything in one piece, in plain ASCII, nothing written yet. */
export const bundled = {
  bundle: true,
  write: false,
  metafile: true,
  platform: 'node',
  target: 'node20',
  charset: 'ascii',
  legalComments: 'none',
  logLevel: 'error',
}

/** Half of the bytes would be blanks, and every start reads them all. Names stay, for whoever reports an error. */
export const withoutBlanks = { minifyWhitespace: true, minifySyntax: true }
