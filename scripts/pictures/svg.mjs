// A page of a terminal as a picture: text with the colours that `tmux capture-pane -e` writes down.

const COLUMN = 8.4
const LINE = 18
const FONT_SIZE = 14
const PADDING = 16
const FONTS = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
const INK = '#d8dee9'
const PAPER = '#1c2128'
/** Black to white, as a terminal numbers them: the plain ones, and the bright ones. */
const COLOURS = [
  ['#3b4252', '#f2777a', '#7ec07e', '#e0c06a', '#7aa6f0', '#c792ea', '#6cc5d6', '#d8dee9'],
  ['#6b7482', '#ff8f92', '#99d699', '#f0d58a', '#9cc0ff', '#dcb2f5', '#8adcea', '#ffffff'],
]
const ESCAPE = '\u001b'
const SEQUENCE = new RegExp(`(${ESCAPE}\\[[0-9;]*m)`)
const plain = { ink: INK, isBold: false, isDim: false, isInverse: false }

/** One picture that looks the same on a light page and on a dark one: it brings its own ground. */
export function svgOf(lines, columns, title) {
  const [width, height] = [columns * COLUMN + 2 * PADDING, lines.length * LINE + 2 * PADDING]
  let look = plain
  const drawn = lines.flatMap((line, row) => {
    const read = piecesOf(line, look)
    look = read.look
    return read.pieces.flatMap((piece) => drawPiece(piece, row))
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${short(width)} ${height}" width="${short(width)}" height="${height}" role="img" xml:space="preserve">`,
    `<title>${escaped(title)}</title>`,
    `<style>text{font:${FONT_SIZE}px ${FONTS};fill:${INK};white-space:pre}.b{font-weight:bold}.d{opacity:.6}</style>`,
    `<rect width="100%" height="100%" rx="8" fill="${PAPER}"/>`,
    ...drawn,
    '</svg>\n',
  ].join('\n')
}

/** The text of a line, cut where its look changes; a look goes on in the next line. */
export function piecesOf(line, before) {
  const pieces = []
  let look = before
  let column = 0
  for (const part of line.split(SEQUENCE)) {
    if (part.startsWith(ESCAPE)) {
      look = looked(look, part.slice(2, -1).split(';').map(Number))
    } else if (part !== '') {
      pieces.push({ text: part, column, ...look })
      column += [...part].length
    }
  }
  return { pieces, look }
}

function looked(before, codes) {
  let look = { ...before }
  for (const code of codes) {
    if (code === 0) look = { ...plain }
    else if (code === 1) look.isBold = true
    else if (code === 2) look.isDim = true
    else if (code === 7) look.isInverse = true
    else if (code === 22) Object.assign(look, { isBold: false, isDim: false })
    else if (code === 27) look.isInverse = false
    else if (code === 39) look.ink = INK
    else if (code >= 30 && code <= 37) look.ink = COLOURS[0][code - 30]
    else if (code >= 90 && code <= 97) look.ink = COLOURS[1][code - 90]
    else if (code !== 49) throw new Error(`no picture can show the sequence ESC[${code}m yet`)
  }
  return look
}

/** Words stand where the terminal had them, however wide the font is that somebody has. */
function drawPiece({ text, column, ink, isBold, isDim, isInverse }, row) {
  const top = PADDING + row * LINE
  const ground = isInverse ? [rectangle(PADDING + column * COLUMN, top, [...text].length * COLUMN, ink)] : []
  const classes = [isBold && 'b', isDim && 'd'].filter(Boolean).join(' ')
  const fill = isInverse ? PAPER : ink
  const words = [...text.matchAll(/\S+(?: \S+)*/g)].map(({ 0: word, index }) => {
    const at = PADDING + (column + [...text.slice(0, index)].length) * COLUMN
    const attributes = [
      `x="${short(at)}" y="${top + 13}" textLength="${short([...word].length * COLUMN)}" lengthAdjust="spacingAndGlyphs"`,
      classes && `class="${classes}"`,
      fill !== INK && `style="fill:${fill}"`,
    ]
    return `<text ${attributes.filter(Boolean).join(' ')}>${escaped(word)}</text>`
  })
  return [...ground, ...words]
}

function rectangle(x, y, width, fill) {
  return `<rect x="${short(x)}" y="${y - 1}" width="${short(width)}" height="${LINE}" fill="${fill}"/>`
}

function short(number) {
  return String(Math.round(number * 10) / 10)
}

function escaped(text) {
  return text.replace(/[&<>]/g, (char) => `&#${char.codePointAt(0)};`)
}
