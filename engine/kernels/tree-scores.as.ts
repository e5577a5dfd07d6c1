// Where a packed node and tree hold what (packedNode and packedTree in kernels.ts).
const thresholdAt: usize = 4
const childrenAt: usize = 8
const treeBytes: usize = 16
const setsAt: usize = 4
const outputAt: usize = 8
const setSplit: i32 = 1
const missingLeft: i32 = 2

/** One level down; a leaf is its own child. */
function stepDown(node: usize, row: usize): usize {
  const value = load<f32>(row + <usize>load<i32>(node))
  return <usize>load<u32>(node + ((<usize>i32(value <= load<f32>(node, thresholdAt))) << 2), childrenAt)
}

/** In trees with sets: the feature's offset, a multiple of four, also says what kind of split it is. */
function stepDownSets(node: usize, row: usize): usize {
  const word = load<i32>(node)
  const value = load<f32>(row + <usize>(word & ~3))
  let goesLeft: i32
  if ((word & setSplit) == 0) goesLeft = i32(value <= load<f32>(node, thresholdAt))
  else if (value != value) goesLeft = (word & missingLeft) >> 1
  else {
    const set = <usize>load<u32>(node, thresholdAt)
    const code = <u32>value
    goesLeft = code >> 5 < load<u32>(set) ? <i32>(load<u32>(set + ((code >> 5) << 2), 4) >> (code & 31)) & 1 : 0
  }
  return <usize>load<u32>(node + ((<usize>goesLeft) << 2), childrenAt)
}

function addLeaf(leaf: usize, values: usize, scores: usize, output: i32, nOutputs: i32): void {
  let from = values + ((<usize>load<u32>(leaf, thresholdAt)) << 3)
  if (output >= 0) {
    const to = scores + ((<usize>output) << 3)
    store<f64>(to, load<f64>(to) + load<f64>(from))
    return
  }
  for (let k = 0; k < nOutputs; k++) {
    store<f64>(scores, load<f64>(scores) + load<f64>(from))
    scores += 8
    from += 8
  }
}

/** Eight rows at once, so that the processor need not wait for the way of one. */
function scoreTree(
  root: usize,
  firstLeaf: usize,
  block: usize,
  count: i32,
  values: usize,
  scores: usize,
  output: i32,
  nOutputs: i32,
): void {
  const stride = (<usize>nOutputs) << 3
  for (let i = 0; i < count; i += 8) {
    let a = root
    let b = root
    let c = root
    let d = root
    let e = root
    let f = root
    let g = root
    let h = root
    do {
      a = stepDown(a, block)
      b = stepDown(b, block + 4)
      c = stepDown(c, block + 8)
      d = stepDown(d, block + 12)
      e = stepDown(e, block + 16)
      f = stepDown(f, block + 20)
      g = stepDown(g, block + 24)
      h = stepDown(h, block + 28)
    } while (min(min(min(a, b), min(c, d)), min(min(e, f), min(g, h))) < firstLeaf)
    const left = count - i
    addLeaf(a, values, scores, output, nOutputs)
    if (left > 1) addLeaf(b, values, scores + stride, output, nOutputs)
    if (left > 2) addLeaf(c, values, scores + 2 * stride, output, nOutputs)
    if (left > 3) addLeaf(d, values, scores + 3 * stride, output, nOutputs)
    if (left > 4) addLeaf(e, values, scores + 4 * stride, output, nOutputs)
    if (left > 5) addLeaf(f, values, scores + 5 * stride, output, nOutputs)
    if (left > 6) addLeaf(g, values, scores + 6 * stride, output, nOutputs)
    if (left > 7) addLeaf(h, values, scores + 7 * stride, output, nOutputs)
    block += 32
    scores += stride << 3
  }
}

function scoreSetTree(
  root: usize,
  firstLeaf: usize,
  block: usize,
  count: i32,
  values: usize,
  scores: usize,
  output: i32,
  nOutputs: i32,
): void {
  for (let i = 0; i < count; i++) {
    let node = root
    while (node < firstLeaf) node = stepDownSets(node, block)
    addLeaf(node, values, scores, output, nOutputs)
    block += 4
    scores += (<usize>nOutputs) << 3
  }
}

export function scoreTrees(
  trees: usize,
  nTrees: i32,
  firstLeaf: usize,
  block: usize,
  count: i32,
  values: usize,
  scores: usize,
  nOutputs: i32,
): void {
  for (let tree = 0; tree < nTrees; tree++) {
    const root = <usize>load<u32>(trees)
    const output = load<i32>(trees, outputAt)
    if (load<i32>(trees, setsAt) == 0) scoreTree(root, firstLeaf, block, count, values, scores, output, nOutputs)
    else scoreSetTree(root, firstLeaf, block, count, values, scores, output, nOutputs)
    trees += treeBytes
  }
}
