/** A node: feature i32 (-1 in a leaf) at 0, right child i32 at 4, left child i32 at 8, value f64 at 16, then 256 bytes: 1 where a bin goes left. */
const nodeBytes: usize = 280
const tableOffset: usize = 24

export function addTree(nodes: usize, bins: usize, binStride: usize, count: i32, scores: usize): void {
  for (let i = 0; i < count; i++) {
    let node = nodes
    for (;;) {
      const feature = load<i32>(node)
      if (feature < 0) break
      const goesLeft = <usize>load<u8>(node + tableOffset + <usize>load<u8>(bins + <usize>feature))
      node = nodes + <usize>load<i32>(node + 4 + (goesLeft << 2)) * nodeBytes
    }
    store<f64>(scores, load<f64>(scores) + load<f64>(node, 16))
    bins += binStride
    scores += 8
  }
}
