import { at, type Bytes, fillInts, type Ints, type i32, intAt, putInt } from './memory.ts'
import { CODE_BITS, CODES, NODE_COUNTS, NODE_PARENTS, ORDER, SYMBOL_COUNTS } from './zstd-encoder-work.ts'
import { HUFFMAN_LOG_MAX, WEIGHT_RANKS, WEIGHTS } from './zstd-work.ts'

/** Counts each byte; returns the highest one that occurs, plus one. */
export function countBytes(literals: Bytes, count: i32, work: Ints): i32 {
  fillInts(work, SYMBOL_COUNTS, 256, 0)
  for (let i: i32 = 0; i < count; i++) {
    const slot = SYMBOL_COUNTS + at(literals, i)
    putInt(work, slot, intAt(work, slot) + 1)
  }
  let symbols: i32 = 256
  while (intAt(work, SYMBOL_COUNTS + symbols - 1) === 0) symbols--
  return symbols
}

/** Finds how long each byte's code should be; returns the length of the longest. */
export function codeLengths(work: Ints, symbols: i32): i32 {
  const used = orderSymbols(work, symbols)
  buildTree(work, used)
  return limitBits(work, used)
}

/** Sorts the symbols that occur, the rarest first; returns how many there are. */
function orderSymbols(work: Ints, symbols: i32): i32 {
  let used: i32 = 0
  for (let symbol: i32 = 0; symbol < symbols; symbol++) {
    const count = intAt(work, SYMBOL_COUNTS + symbol)
    if (count === 0) continue
    let place = used
    while (place > 0 && intAt(work, SYMBOL_COUNTS + intAt(work, ORDER + place - 1)) > count) {
      putInt(work, ORDER + place, intAt(work, ORDER + place - 1))
      place--
    }
    putInt(work, ORDER + place, symbol)
    used++
  }
  return used
}

/** Huffman's tree by two queues: leaves in order, and inner nodes, which come out in order by themselves. */
function buildTree(work: Ints, used: i32): void {
  for (let i: i32 = 0; i < used; i++) {
    putInt(work, NODE_COUNTS + i, intAt(work, SYMBOL_COUNTS + intAt(work, ORDER + i)))
  }
  let leaf: i32 = 0
  let inner = used
  const nodes = used * 2 - 1
  for (let node = used; node < nodes; node++) {
    let sum: i32 = 0
    for (let child: i32 = 0; child < 2; child++) {
      let taken = inner
      const leafIsLess =
        leaf < used && (inner >= node || intAt(work, NODE_COUNTS + leaf) <= intAt(work, NODE_COUNTS + inner))
      if (leafIsLess) taken = leaf++
      else inner++
      sum += intAt(work, NODE_COUNTS + taken)
      putInt(work, NODE_PARENTS + taken, node)
    }
    putInt(work, NODE_COUNTS + node, sum)
  }
  // From here on the counts are depths, from the root down.
  putInt(work, NODE_COUNTS + nodes - 1, 0)
  for (let node = nodes - 2; node >= 0; node--) {
    putInt(work, NODE_COUNTS + node, intAt(work, NODE_COUNTS + intAt(work, NODE_PARENTS + node)) + 1)
  }
}

/** Shortens codes that are too long at the price of others; returns the length of the longest. */
function limitBits(work: Ints, used: i32): i32 {
  fillInts(work, CODE_BITS, 256, 0)
  const whole: i32 = 1 << HUFFMAN_LOG_MAX
  let sum: i32 = 0
  for (let i: i32 = 0; i < used; i++) {
    let bits = intAt(work, NODE_COUNTS + i)
    if (bits > HUFFMAN_LOG_MAX) bits = HUFFMAN_LOG_MAX
    putInt(work, CODE_BITS + intAt(work, ORDER + i), bits)
    sum += whole >> bits
  }
  // The rarest symbols that can still grow make room, then the most frequent of the longest use what is left.
  for (let i: i32 = 0; sum > whole; i = i + 1 < used ? i + 1 : 0) {
    const slot = CODE_BITS + intAt(work, ORDER + i)
    const bits = intAt(work, slot)
    if (bits >= HUFFMAN_LOG_MAX) continue
    putInt(work, slot, bits + 1)
    sum -= whole >> (bits + 1)
  }
  for (let i = used - 1; sum < whole; i = i > 0 ? i - 1 : used - 1) {
    const slot = CODE_BITS + intAt(work, ORDER + i)
    const bits = intAt(work, slot)
    if (whole >> bits > whole - sum) continue
    putInt(work, slot, bits - 1)
    sum += whole >> bits
  }
  let log: i32 = 0
  for (let i: i32 = 0; i < used; i++) {
    const bits = intAt(work, CODE_BITS + intAt(work, ORDER + i))
    if (bits > log) log = bits
  }
  return log
}

/** Gives out codes, the longest first and in the order of symbols among equals; notes weights. */
export function assignCodes(work: Ints, symbols: i32, log: i32): void {
  for (let i: i32 = 0; i <= HUFFMAN_LOG_MAX + 1; i++) putInt(work, WEIGHT_RANKS + i, 0)
  for (let symbol: i32 = 0; symbol < symbols; symbol++) {
    const bits = intAt(work, CODE_BITS + symbol)
    const weight = bits === 0 ? 0 : log + 1 - bits
    putInt(work, WEIGHTS + symbol, weight)
    putInt(work, WEIGHT_RANKS + weight, intAt(work, WEIGHT_RANKS + weight) + 1)
  }
  let start: i32 = 0
  for (let weight: i32 = 1; weight <= log; weight++) {
    const count = intAt(work, WEIGHT_RANKS + weight)
    putInt(work, WEIGHT_RANKS + weight, start >> (weight - 1))
    start += count << (weight - 1)
  }
  for (let symbol: i32 = 0; symbol < symbols; symbol++) {
    const weight = intAt(work, WEIGHTS + symbol)
    if (weight === 0) continue
    const code = intAt(work, WEIGHT_RANKS + weight)
    putInt(work, CODES + symbol, code)
    putInt(work, WEIGHT_RANKS + weight, code + 1)
  }
}
