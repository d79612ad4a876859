import type { Colour } from './shape.ts'

const codes: Record<Colour | 'bold', [on: number, off: number]> = {
  red: [31, 39],
  yellow: [33, 39],
  green: [32, 39],
  dim: [2, 22],
  bold: [1, 22],
}

export function paint(
  text: string,
  colour: Colour | 'bold' | undefined,
  { hasColour }: { readonly hasColour: boolean },
): string {
  if (colour === undefined || !hasColour) return text
  const [on, off] = codes[colour]
  return `\u001b[${on}m${text}\u001b[${off}m`
}
