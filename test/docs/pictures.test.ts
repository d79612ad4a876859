import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from './terminal.ts'

interface Drawing {
  svgOf(lines: readonly string[], columns: number, title: string): string
}

const folder = join(root, 'docs/pictures')
const pictures = readdirSync(folder)
const pages = ['README.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)].filter((path) =>
  path.endsWith('.md'),
)
const drawing = join(root, 'scripts/pictures/svg.mjs')
const { svgOf } = (await import(drawing)) as Drawing

describe('the pictures', () => {
  it('are those that the pages show, each of them', () => {
    const shown = pages.flatMap((page) =>
      [...readFileSync(join(root, page), 'utf8').matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, path]) =>
        join(root, dirname(page), path ?? ''),
      ),
    )
    expect([...new Set(shown)].sort()).toEqual(pictures.map((name) => join(folder, name)).sort())
  })

  it.each(pictures)('are small, and fetch and run nothing: %s', (name) => {
    const text = readFileSync(join(folder, name), 'utf8')
    expect(text.length).toBeLessThan(60_000)
    expect(text).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" /)
    expect(text).not.toMatch(/<script|href|@import|url\(|@font-face/)
    expect(text).toContain('<title>')
  })

  it('have words where the terminal has them, with their looks, until something takes these back', () => {
    const svg = svgOf(
      ['\u001b[1mLAG\u001b[0m  a<b', '\u001b[7m x  \u001b[27m \u001b[33m▁█', 'still'],
      20,
      'it',
    )
    expect(svg).toContain('class="b">LAG</text>')
    expect(svg).toMatch(/x="58" [^>]*>a&#60;b<\/text>/)
    expect(svg).toContain('<rect x="16" y="33" width="33.6" height="18"')
    expect(svg).toMatch(/x="58" [^>]*style="fill:#e0c06a">▁█<\/text>/)
    expect(svg).toMatch(/style="fill:#e0c06a">still<\/text>/)
  })

  it('are not drawn of what a picture cannot show', () => {
    expect(() => svgOf(['\u001b[38m'], 20, 'it')).toThrow('ESC[38m')
  })
})
