/** Reads the map of the house from README.md: the one place where the rooms and their arrows are written. */

export interface Room {
  /** As arrows name it: `records`, `errors`, `broker/apis`. */
  name: string
  /** The folder, or the one file, that the room is. */
  path: string
  built: boolean
  mayImport: ReadonlySet<string>
  /** Packages, Node modules and globals that only rooms naming them may use. */
  fenced: ReadonlySet<string>
}

export interface HouseMap {
  rooms: Room[]
  /** Node modules that every room may import. */
  anywhere: ReadonlySet<string>
}

interface Entry {
  depth: number
  built: boolean
  path: string
  text: string
}

const ENTRY = /^(○ )?( *)([\w.-]+\/\S*|[\w-]+\.ts|anywhere)(?:\s+(.*))?$/
const LIB = 'src/lib/'

export function parseMap(readme: string): HouseMap {
  const entries = readEntries(mapBlock(readme))
  const rooms = entries.filter((entry) => isRoom(entry)).map((entry) => roomFrom(entry))
  const anywhere = entries.find((entry) => entry.path === 'anywhere')
  if (rooms.length === 0 || anywhere === undefined) throw new Error('README.md holds no map of the house')
  assertArrowsKnown(rooms)
  return { rooms, anywhere: new Set(words(anywhere.text)) }
}

/** The room that owns a source file; of nested rooms the innermost. */
export function roomOf(map: HouseMap, file: string): Room | undefined {
  const owners = map.rooms.filter((room) => file === room.path || file.startsWith(`${room.path}/`))
  return owners.sort((a, b) => b.path.length - a.path.length)[0]
}

function mapBlock(readme: string): string[] {
  const blocks = [...readme.matchAll(/^```\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? '')
  return (blocks.find((block) => block.includes(`\n${LIB}\n`)) ?? '').split('\n')
}

function readEntries(lines: string[]): Entry[] {
  const entries: Entry[] = []
  for (const line of lines) {
    const [, mark, indent, path, text] = ENTRY.exec(line) ?? []
    const last = entries.at(-1)
    if (path !== undefined && (indent ?? '').length <= 6) {
      const depth = (mark ?? '').length + (indent ?? '').length
      entries.push({ depth, built: mark === undefined, path, text: text ?? '' })
    } else if (last !== undefined) last.text += ` ${line.trim()}`
  }
  return withParents(entries)
}

/** `apis/` two columns deeper than `broker/` is the room `broker/apis`. */
function withParents(entries: Entry[]): Entry[] {
  const open: Entry[] = []
  return entries.map((entry) => {
    while (open.length > 0 && (open.at(-1)?.depth ?? 0) >= entry.depth) open.pop()
    const full = { ...entry, path: (open.at(-1)?.path ?? '') + entry.path }
    open.push(full)
    return full
  })
}

function isRoom(entry: Entry): boolean {
  return entry.path.startsWith('src/') && entry.path !== LIB
}

function roomFrom(entry: Entry): Room {
  const path = entry.path.replace(/\/?(<.*)?$/, '')
  const [before = '', after = ''] = entry.text.split('←')
  const fence = /\(([^()]*)\)\s*$/.exec(entry.text.includes('←') ? before : '')?.[1] ?? ''
  return {
    name: path.replace(LIB, '').replace('src/', '').replace(/\.ts$/, ''),
    path,
    built: entry.built,
    mayImport: new Set(words(after)),
    fenced: new Set(fence.split(',').flatMap((name) => words(name))),
  }
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '')
}

function assertArrowsKnown(rooms: Room[]): void {
  const names = new Set(rooms.map((room) => room.name))
  for (const room of rooms) {
    for (const target of room.mayImport) {
      if (!names.has(target)) throw new Error(`the arrow of ${room.name} names ${target}, which is no room`)
    }
  }
}
