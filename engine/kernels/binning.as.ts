import { missingBin } from './sizes.as'

export function binColumn(values: usize, count: i32, thresholds: usize, out: usize, stride: usize): i32 {
  let missing = 0
  for (let i = 0; i < count; i++) {
    const value = <f64>load<f32>(values + ((<usize>i) << 2))
    // Lower bound without branches over 256 thresholds, padded with infinity.
    let bin: usize = 0
    for (let step: usize = 128; step > 0; step >>= 1) {
      bin += select<usize>(step, 0, value > load<f64>(thresholds + ((bin + step - 1) << 3)))
    }
    if (value != value) {
      bin = missingBin
      missing = 1
    }
    store<u8>(out, <u8>bin)
    out += stride
  }
  return missing
}
