/** 260 cells of 16 bytes, not 256: a power of two would put the same bins of all features into one set of the L1 cache. */
export const histogramBytes: usize = 4160
/** Bin of a missing value. */
export const missingBin: u8 = 255
