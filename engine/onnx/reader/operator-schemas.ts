// Written by scripts/write-operator-schemas.py from the ONNX standard; change that.

/** The newest operator sets that are known here. */
export const newestOperatorSets = { '': 28, 'ai.onnx.ml': 5 } as const

/** Sets of types, by their number in the lines below. */
export const typeSets = `tensor(double) tensor(float) tensor(float16)
tensor(double) tensor(float) tensor(float16) tensor(int16) tensor(int32) tensor(int64) tensor(int8) tensor(uint16) tensor(uint32) tensor(uint64) tensor(uint8)
tensor(bfloat16) tensor(double) tensor(float) tensor(float16) tensor(int16) tensor(int32) tensor(int64) tensor(int8) tensor(uint16) tensor(uint32) tensor(uint64) tensor(uint8)
tensor(bfloat16) tensor(double) tensor(float) tensor(float16)
tensor(double) tensor(float) tensor(float16) tensor(int32) tensor(int64) tensor(uint32) tensor(uint64)
tensor(bfloat16) tensor(double) tensor(float) tensor(float16) tensor(int32) tensor(int64) tensor(uint32) tensor(uint64)
tensor(int64)
tensor(bool)
tensor(bfloat16) tensor(bool) tensor(double) tensor(float) tensor(float16) tensor(int16) tensor(int32) tensor(int64) tensor(int8) tensor(uint16) tensor(uint32) tensor(uint64) tensor(uint8)
tensor(bfloat16) tensor(bool) tensor(complex128) tensor(complex64) tensor(double) tensor(float) tensor(float16) tensor(float4e2m1) tensor(float8e4m3fn) tensor(float8e4m3fnuz) tensor(float8e5m2) tensor(float8e5m2fnuz) tensor(float8e8m0) tensor(int16) tensor(int2) tensor(int32) tensor(int4) tensor(int64) tensor(int8) tensor(uint16) tensor(uint2) tensor(uint32) tensor(uint4) tensor(uint64) tensor(uint8)
tensor(uint16) tensor(uint32) tensor(uint64) tensor(uint8)
tensor(int16) tensor(int32) tensor(int64) tensor(int8) tensor(uint16) tensor(uint32) tensor(uint64) tensor(uint8)
tensor(int32) tensor(int64)
tensor(bool) tensor(double) tensor(float) tensor(float16) tensor(int16) tensor(int32) tensor(int64) tensor(int8) tensor(uint16) tensor(uint32) tensor(uint64) tensor(uint8)
tensor(bool) tensor(double) tensor(float) tensor(float16) tensor(int16) tensor(int32) tensor(int64) tensor(int8) tensor(string) tensor(uint16) tensor(uint32) tensor(uint64) tensor(uint8)
tensor(bfloat16) tensor(bool) tensor(double) tensor(float) tensor(float16) tensor(int16) tensor(int32) tensor(int64) tensor(int8) tensor(string) tensor(uint16) tensor(uint32) tensor(uint64) tensor(uint8)
tensor(bfloat16) tensor(bool) tensor(double) tensor(float) tensor(float16) tensor(float8e4m3fn) tensor(float8e4m3fnuz) tensor(float8e5m2) tensor(float8e5m2fnuz) tensor(int16) tensor(int32) tensor(int64) tensor(int8) tensor(string) tensor(uint16) tensor(uint32) tensor(uint64) tensor(uint8)
tensor(bfloat16) tensor(bool) tensor(double) tensor(float) tensor(float16) tensor(float8e4m3fn) tensor(float8e4m3fnuz) tensor(float8e5m2) tensor(float8e5m2fnuz) tensor(int16) tensor(int32) tensor(int4) tensor(int64) tensor(int8) tensor(string) tensor(uint16) tensor(uint32) tensor(uint4) tensor(uint64) tensor(uint8)
tensor(bfloat16) tensor(bool) tensor(double) tensor(float) tensor(float16) tensor(float4e2m1) tensor(float8e4m3fn) tensor(float8e4m3fnuz) tensor(float8e5m2) tensor(float8e5m2fnuz) tensor(int16) tensor(int32) tensor(int4) tensor(int64) tensor(int8) tensor(string) tensor(uint16) tensor(uint32) tensor(uint4) tensor(uint64) tensor(uint8)
tensor(bfloat16) tensor(bool) tensor(double) tensor(float) tensor(float16) tensor(float4e2m1) tensor(float8e4m3fn) tensor(float8e4m3fnuz) tensor(float8e5m2) tensor(float8e5m2fnuz) tensor(float8e8m0) tensor(int16) tensor(int32) tensor(int4) tensor(int64) tensor(int8) tensor(string) tensor(uint16) tensor(uint32) tensor(uint4) tensor(uint64) tensor(uint8)
tensor(bfloat16) tensor(bool) tensor(double) tensor(float) tensor(float16) tensor(float4e2m1) tensor(float8e4m3fn) tensor(float8e4m3fnuz) tensor(float8e5m2) tensor(float8e5m2fnuz) tensor(float8e8m0) tensor(int16) tensor(int2) tensor(int32) tensor(int4) tensor(int64) tensor(int8) tensor(string) tensor(uint16) tensor(uint2) tensor(uint32) tensor(uint4) tensor(uint64) tensor(uint8)
tensor(bfloat16) tensor(bool) tensor(double) tensor(float) tensor(float16) tensor(float4e2m1) tensor(float6e2m3) tensor(float6e3m2) tensor(float8e4m3fn) tensor(float8e4m3fnuz) tensor(float8e5m2) tensor(float8e5m2fnuz) tensor(float8e8m0) tensor(int16) tensor(int2) tensor(int32) tensor(int4) tensor(int64) tensor(int8) tensor(string) tensor(uint16) tensor(uint2) tensor(uint32) tensor(uint4) tensor(uint64) tensor(uint8)
tensor(bfloat16) tensor(float) tensor(float16)
tensor(float)
tensor(bfloat16) tensor(bool) tensor(complex128) tensor(complex64) tensor(double) tensor(float) tensor(float16) tensor(int16) tensor(int32) tensor(int64) tensor(int8) tensor(string) tensor(uint16) tensor(uint32) tensor(uint64) tensor(uint8)
tensor(bool) tensor(complex128) tensor(complex64) tensor(double) tensor(float) tensor(float16) tensor(int16) tensor(int32) tensor(int64) tensor(int8) tensor(string) tensor(uint16) tensor(uint32) tensor(uint64) tensor(uint8)
seq(tensor(bool)) seq(tensor(complex128)) seq(tensor(complex64)) seq(tensor(double)) seq(tensor(float)) seq(tensor(float16)) seq(tensor(int16)) seq(tensor(int32)) seq(tensor(int64)) seq(tensor(int8)) seq(tensor(string)) seq(tensor(uint16)) seq(tensor(uint32)) seq(tensor(uint64)) seq(tensor(uint8))
tensor(bfloat16) tensor(bool) tensor(complex128) tensor(complex64) tensor(double) tensor(float) tensor(float16) tensor(float8e4m3fn) tensor(float8e4m3fnuz) tensor(float8e5m2) tensor(float8e5m2fnuz) tensor(int16) tensor(int32) tensor(int64) tensor(int8) tensor(string) tensor(uint16) tensor(uint32) tensor(uint64) tensor(uint8)
tensor(bfloat16) tensor(bool) tensor(complex128) tensor(complex64) tensor(double) tensor(float) tensor(float16) tensor(float8e4m3fn) tensor(float8e4m3fnuz) tensor(float8e5m2) tensor(float8e5m2fnuz) tensor(int16) tensor(int32) tensor(int4) tensor(int64) tensor(int8) tensor(string) tensor(uint16) tensor(uint32) tensor(uint4) tensor(uint64) tensor(uint8)
tensor(bfloat16) tensor(bool) tensor(complex128) tensor(complex64) tensor(double) tensor(float) tensor(float16) tensor(float4e2m1) tensor(float8e4m3fn) tensor(float8e4m3fnuz) tensor(float8e5m2) tensor(float8e5m2fnuz) tensor(int16) tensor(int32) tensor(int4) tensor(int64) tensor(int8) tensor(string) tensor(uint16) tensor(uint32) tensor(uint4) tensor(uint64) tensor(uint8)
tensor(bfloat16) tensor(bool) tensor(complex128) tensor(complex64) tensor(double) tensor(float) tensor(float16) tensor(float4e2m1) tensor(float8e4m3fn) tensor(float8e4m3fnuz) tensor(float8e5m2) tensor(float8e5m2fnuz) tensor(float8e8m0) tensor(int16) tensor(int32) tensor(int4) tensor(int64) tensor(int8) tensor(string) tensor(uint16) tensor(uint32) tensor(uint4) tensor(uint64) tensor(uint8)
tensor(bfloat16) tensor(bool) tensor(complex128) tensor(complex64) tensor(double) tensor(float) tensor(float16) tensor(float4e2m1) tensor(float8e4m3fn) tensor(float8e4m3fnuz) tensor(float8e5m2) tensor(float8e5m2fnuz) tensor(float8e8m0) tensor(int16) tensor(int2) tensor(int32) tensor(int4) tensor(int64) tensor(int8) tensor(string) tensor(uint16) tensor(uint2) tensor(uint32) tensor(uint4) tensor(uint64) tensor(uint8)
tensor(bfloat16) tensor(bool) tensor(double) tensor(float) tensor(float16) tensor(float8e4m3fn) tensor(float8e4m3fnuz) tensor(float8e5m2) tensor(float8e5m2fnuz) tensor(int16) tensor(int32) tensor(int64) tensor(int8) tensor(uint16) tensor(uint32) tensor(uint64) tensor(uint8)
tensor(bfloat16) tensor(bool) tensor(double) tensor(float) tensor(float16) tensor(float8e4m3fn) tensor(float8e4m3fnuz) tensor(float8e5m2) tensor(float8e5m2fnuz) tensor(int16) tensor(int32) tensor(int4) tensor(int64) tensor(int8) tensor(uint16) tensor(uint32) tensor(uint4) tensor(uint64) tensor(uint8)
tensor(bfloat16) tensor(bool) tensor(double) tensor(float) tensor(float16) tensor(float4e2m1) tensor(float8e4m3fn) tensor(float8e4m3fnuz) tensor(float8e5m2) tensor(float8e5m2fnuz) tensor(int16) tensor(int32) tensor(int4) tensor(int64) tensor(int8) tensor(uint16) tensor(uint32) tensor(uint4) tensor(uint64) tensor(uint8)
tensor(bfloat16) tensor(bool) tensor(double) tensor(float) tensor(float16) tensor(float4e2m1) tensor(float8e4m3fn) tensor(float8e4m3fnuz) tensor(float8e5m2) tensor(float8e5m2fnuz) tensor(float8e8m0) tensor(int16) tensor(int32) tensor(int4) tensor(int64) tensor(int8) tensor(uint16) tensor(uint32) tensor(uint4) tensor(uint64) tensor(uint8)
tensor(bfloat16) tensor(bool) tensor(double) tensor(float) tensor(float16) tensor(float4e2m1) tensor(float8e4m3fn) tensor(float8e4m3fnuz) tensor(float8e5m2) tensor(float8e5m2fnuz) tensor(float8e8m0) tensor(int16) tensor(int2) tensor(int32) tensor(int4) tensor(int64) tensor(int8) tensor(uint16) tensor(uint2) tensor(uint32) tensor(uint4) tensor(uint64) tensor(uint8)
tensor(int8) tensor(uint8)
tensor(int32)
tensor(double) tensor(float) tensor(int32) tensor(int64) tensor(uint32) tensor(uint64)
tensor(int32) tensor(int8) tensor(uint8)
tensor(float8e4m3fn) tensor(float8e4m3fnuz) tensor(float8e5m2) tensor(float8e5m2fnuz) tensor(int32) tensor(int8) tensor(uint8)
tensor(float8e4m3fn) tensor(float8e4m3fnuz) tensor(float8e5m2) tensor(float8e5m2fnuz) tensor(int16) tensor(int32) tensor(int4) tensor(int8) tensor(uint16) tensor(uint4) tensor(uint8)
tensor(float4e2m1) tensor(float8e4m3fn) tensor(float8e4m3fnuz) tensor(float8e5m2) tensor(float8e5m2fnuz) tensor(int16) tensor(int32) tensor(int4) tensor(int8) tensor(uint16) tensor(uint4) tensor(uint8)
tensor(bfloat16) tensor(float) tensor(float16) tensor(float8e8m0)
tensor(float4e2m1) tensor(float8e4m3fn) tensor(float8e4m3fnuz) tensor(float8e5m2) tensor(float8e5m2fnuz) tensor(int16) tensor(int2) tensor(int32) tensor(int4) tensor(int8) tensor(uint16) tensor(uint2) tensor(uint4) tensor(uint8)
tensor(float4e2m1) tensor(float6e2m3) tensor(float6e3m2) tensor(float8e4m3fn) tensor(float8e4m3fnuz) tensor(float8e5m2) tensor(float8e5m2fnuz) tensor(int16) tensor(int2) tensor(int32) tensor(int4) tensor(int8) tensor(uint16) tensor(uint2) tensor(uint4) tensor(uint8)
tensor(bfloat16) tensor(double) tensor(float) tensor(float16) tensor(float8e4m3fn) tensor(float8e4m3fnuz) tensor(float8e5m2) tensor(float8e5m2fnuz)
tensor(uint8)
tensor(bool) tensor(int32) tensor(int64)
seq(tensor(bool)) seq(tensor(complex128)) seq(tensor(complex64)) seq(tensor(double)) seq(tensor(float)) seq(tensor(float16)) seq(tensor(int16)) seq(tensor(int32)) seq(tensor(int64)) seq(tensor(int8)) seq(tensor(string)) seq(tensor(uint16)) seq(tensor(uint32)) seq(tensor(uint64)) seq(tensor(uint8)) tensor(bfloat16) tensor(bool) tensor(complex128) tensor(complex64) tensor(double) tensor(float) tensor(float16) tensor(int16) tensor(int32) tensor(int64) tensor(int8) tensor(string) tensor(uint16) tensor(uint32) tensor(uint64) tensor(uint8)
optional(seq(tensor(bool))) optional(seq(tensor(complex128))) optional(seq(tensor(complex64))) optional(seq(tensor(double))) optional(seq(tensor(float))) optional(seq(tensor(float16))) optional(seq(tensor(int16))) optional(seq(tensor(int32))) optional(seq(tensor(int64))) optional(seq(tensor(int8))) optional(seq(tensor(string))) optional(seq(tensor(uint16))) optional(seq(tensor(uint32))) optional(seq(tensor(uint64))) optional(seq(tensor(uint8))) optional(tensor(bool)) optional(tensor(complex128)) optional(tensor(complex64)) optional(tensor(double)) optional(tensor(float)) optional(tensor(float16)) optional(tensor(int16)) optional(tensor(int32)) optional(tensor(int64)) optional(tensor(int8)) optional(tensor(string)) optional(tensor(uint16)) optional(tensor(uint32)) optional(tensor(uint64)) optional(tensor(uint8)) seq(tensor(bool)) seq(tensor(complex128)) seq(tensor(complex64)) seq(tensor(double)) seq(tensor(float)) seq(tensor(float16)) seq(tensor(int16)) seq(tensor(int32)) seq(tensor(int64)) seq(tensor(int8)) seq(tensor(string)) seq(tensor(uint16)) seq(tensor(uint32)) seq(tensor(uint64)) seq(tensor(uint8)) tensor(bfloat16) tensor(bool) tensor(complex128) tensor(complex64) tensor(double) tensor(float) tensor(float16) tensor(int16) tensor(int32) tensor(int64) tensor(int8) tensor(string) tensor(uint16) tensor(uint32) tensor(uint64) tensor(uint8)
optional(seq(tensor(bool))) optional(seq(tensor(complex128))) optional(seq(tensor(complex64))) optional(seq(tensor(double))) optional(seq(tensor(float))) optional(seq(tensor(float16))) optional(seq(tensor(int16))) optional(seq(tensor(int32))) optional(seq(tensor(int64))) optional(seq(tensor(int8))) optional(seq(tensor(string))) optional(seq(tensor(uint16))) optional(seq(tensor(uint32))) optional(seq(tensor(uint64))) optional(seq(tensor(uint8))) optional(tensor(bool)) optional(tensor(complex128)) optional(tensor(complex64)) optional(tensor(double)) optional(tensor(float)) optional(tensor(float16)) optional(tensor(int16)) optional(tensor(int32)) optional(tensor(int64)) optional(tensor(int8)) optional(tensor(string)) optional(tensor(uint16)) optional(tensor(uint32)) optional(tensor(uint64)) optional(tensor(uint8)) seq(tensor(bool)) seq(tensor(complex128)) seq(tensor(complex64)) seq(tensor(double)) seq(tensor(float)) seq(tensor(float16)) seq(tensor(int16)) seq(tensor(int32)) seq(tensor(int64)) seq(tensor(int8)) seq(tensor(string)) seq(tensor(uint16)) seq(tensor(uint32)) seq(tensor(uint64)) seq(tensor(uint8)) tensor(bfloat16) tensor(bool) tensor(complex128) tensor(complex64) tensor(double) tensor(float) tensor(float16) tensor(float8e4m3fn) tensor(float8e4m3fnuz) tensor(float8e5m2) tensor(float8e5m2fnuz) tensor(int16) tensor(int32) tensor(int64) tensor(int8) tensor(string) tensor(uint16) tensor(uint32) tensor(uint64) tensor(uint8)
optional(seq(tensor(bool))) optional(seq(tensor(complex128))) optional(seq(tensor(complex64))) optional(seq(tensor(double))) optional(seq(tensor(float))) optional(seq(tensor(float16))) optional(seq(tensor(int16))) optional(seq(tensor(int32))) optional(seq(tensor(int64))) optional(seq(tensor(int8))) optional(seq(tensor(string))) optional(seq(tensor(uint16))) optional(seq(tensor(uint32))) optional(seq(tensor(uint64))) optional(seq(tensor(uint8))) optional(tensor(bool)) optional(tensor(complex128)) optional(tensor(complex64)) optional(tensor(double)) optional(tensor(float)) optional(tensor(float16)) optional(tensor(int16)) optional(tensor(int32)) optional(tensor(int64)) optional(tensor(int8)) optional(tensor(string)) optional(tensor(uint16)) optional(tensor(uint32)) optional(tensor(uint64)) optional(tensor(uint8)) seq(tensor(bool)) seq(tensor(complex128)) seq(tensor(complex64)) seq(tensor(double)) seq(tensor(float)) seq(tensor(float16)) seq(tensor(int16)) seq(tensor(int32)) seq(tensor(int64)) seq(tensor(int8)) seq(tensor(string)) seq(tensor(uint16)) seq(tensor(uint32)) seq(tensor(uint64)) seq(tensor(uint8)) tensor(bfloat16) tensor(bool) tensor(complex128) tensor(complex64) tensor(double) tensor(float) tensor(float16) tensor(float8e4m3fn) tensor(float8e4m3fnuz) tensor(float8e5m2) tensor(float8e5m2fnuz) tensor(int16) tensor(int32) tensor(int4) tensor(int64) tensor(int8) tensor(string) tensor(uint16) tensor(uint32) tensor(uint4) tensor(uint64) tensor(uint8)
optional(seq(tensor(bool))) optional(seq(tensor(complex128))) optional(seq(tensor(complex64))) optional(seq(tensor(double))) optional(seq(tensor(float))) optional(seq(tensor(float16))) optional(seq(tensor(int16))) optional(seq(tensor(int32))) optional(seq(tensor(int64))) optional(seq(tensor(int8))) optional(seq(tensor(string))) optional(seq(tensor(uint16))) optional(seq(tensor(uint32))) optional(seq(tensor(uint64))) optional(seq(tensor(uint8))) optional(tensor(bool)) optional(tensor(complex128)) optional(tensor(complex64)) optional(tensor(double)) optional(tensor(float)) optional(tensor(float16)) optional(tensor(int16)) optional(tensor(int32)) optional(tensor(int64)) optional(tensor(int8)) optional(tensor(string)) optional(tensor(uint16)) optional(tensor(uint32)) optional(tensor(uint64)) optional(tensor(uint8)) seq(tensor(bool)) seq(tensor(complex128)) seq(tensor(complex64)) seq(tensor(double)) seq(tensor(float)) seq(tensor(float16)) seq(tensor(int16)) seq(tensor(int32)) seq(tensor(int64)) seq(tensor(int8)) seq(tensor(string)) seq(tensor(uint16)) seq(tensor(uint32)) seq(tensor(uint64)) seq(tensor(uint8)) tensor(bfloat16) tensor(bool) tensor(complex128) tensor(complex64) tensor(double) tensor(float) tensor(float16) tensor(float4e2m1) tensor(float8e4m3fn) tensor(float8e4m3fnuz) tensor(float8e5m2) tensor(float8e5m2fnuz) tensor(int16) tensor(int32) tensor(int4) tensor(int64) tensor(int8) tensor(string) tensor(uint16) tensor(uint32) tensor(uint4) tensor(uint64) tensor(uint8)
optional(seq(tensor(bool))) optional(seq(tensor(complex128))) optional(seq(tensor(complex64))) optional(seq(tensor(double))) optional(seq(tensor(float))) optional(seq(tensor(float16))) optional(seq(tensor(int16))) optional(seq(tensor(int32))) optional(seq(tensor(int64))) optional(seq(tensor(int8))) optional(seq(tensor(string))) optional(seq(tensor(uint16))) optional(seq(tensor(uint32))) optional(seq(tensor(uint64))) optional(seq(tensor(uint8))) optional(tensor(bool)) optional(tensor(complex128)) optional(tensor(complex64)) optional(tensor(double)) optional(tensor(float)) optional(tensor(float16)) optional(tensor(int16)) optional(tensor(int32)) optional(tensor(int64)) optional(tensor(int8)) optional(tensor(string)) optional(tensor(uint16)) optional(tensor(uint32)) optional(tensor(uint64)) optional(tensor(uint8)) seq(tensor(bool)) seq(tensor(complex128)) seq(tensor(complex64)) seq(tensor(double)) seq(tensor(float)) seq(tensor(float16)) seq(tensor(int16)) seq(tensor(int32)) seq(tensor(int64)) seq(tensor(int8)) seq(tensor(string)) seq(tensor(uint16)) seq(tensor(uint32)) seq(tensor(uint64)) seq(tensor(uint8)) tensor(bfloat16) tensor(bool) tensor(complex128) tensor(complex64) tensor(double) tensor(float) tensor(float16) tensor(float4e2m1) tensor(float8e4m3fn) tensor(float8e4m3fnuz) tensor(float8e5m2) tensor(float8e5m2fnuz) tensor(float8e8m0) tensor(int16) tensor(int32) tensor(int4) tensor(int64) tensor(int8) tensor(string) tensor(uint16) tensor(uint32) tensor(uint4) tensor(uint64) tensor(uint8)
optional(seq(tensor(bool))) optional(seq(tensor(complex128))) optional(seq(tensor(complex64))) optional(seq(tensor(double))) optional(seq(tensor(float))) optional(seq(tensor(float16))) optional(seq(tensor(int16))) optional(seq(tensor(int32))) optional(seq(tensor(int64))) optional(seq(tensor(int8))) optional(seq(tensor(string))) optional(seq(tensor(uint16))) optional(seq(tensor(uint32))) optional(seq(tensor(uint64))) optional(seq(tensor(uint8))) optional(tensor(bool)) optional(tensor(complex128)) optional(tensor(complex64)) optional(tensor(double)) optional(tensor(float)) optional(tensor(float16)) optional(tensor(int16)) optional(tensor(int32)) optional(tensor(int64)) optional(tensor(int8)) optional(tensor(string)) optional(tensor(uint16)) optional(tensor(uint32)) optional(tensor(uint64)) optional(tensor(uint8)) seq(tensor(bool)) seq(tensor(complex128)) seq(tensor(complex64)) seq(tensor(double)) seq(tensor(float)) seq(tensor(float16)) seq(tensor(int16)) seq(tensor(int32)) seq(tensor(int64)) seq(tensor(int8)) seq(tensor(string)) seq(tensor(uint16)) seq(tensor(uint32)) seq(tensor(uint64)) seq(tensor(uint8)) tensor(bfloat16) tensor(bool) tensor(complex128) tensor(complex64) tensor(double) tensor(float) tensor(float16) tensor(float4e2m1) tensor(float8e4m3fn) tensor(float8e4m3fnuz) tensor(float8e5m2) tensor(float8e5m2fnuz) tensor(float8e8m0) tensor(int16) tensor(int2) tensor(int32) tensor(int4) tensor(int64) tensor(int8) tensor(string) tensor(uint16) tensor(uint2) tensor(uint32) tensor(uint4) tensor(uint64) tensor(uint8)
seq(tensor(bool)) seq(tensor(complex128)) seq(tensor(complex64)) seq(tensor(double)) seq(tensor(float)) seq(tensor(float16)) seq(tensor(int16)) seq(tensor(int32)) seq(tensor(int64)) seq(tensor(int8)) seq(tensor(string)) seq(tensor(uint16)) seq(tensor(uint32)) seq(tensor(uint64)) seq(tensor(uint8)) tensor(bool) tensor(complex128) tensor(complex64) tensor(double) tensor(float) tensor(float16) tensor(int16) tensor(int32) tensor(int64) tensor(int8) tensor(string) tensor(uint16) tensor(uint32) tensor(uint64) tensor(uint8)
optional(seq(tensor(bfloat16))) optional(seq(tensor(bool))) optional(seq(tensor(complex128))) optional(seq(tensor(complex64))) optional(seq(tensor(double))) optional(seq(tensor(float))) optional(seq(tensor(float16))) optional(seq(tensor(int16))) optional(seq(tensor(int32))) optional(seq(tensor(int64))) optional(seq(tensor(int8))) optional(seq(tensor(string))) optional(seq(tensor(uint16))) optional(seq(tensor(uint32))) optional(seq(tensor(uint64))) optional(seq(tensor(uint8))) optional(tensor(bfloat16)) optional(tensor(bool)) optional(tensor(complex128)) optional(tensor(complex64)) optional(tensor(double)) optional(tensor(float)) optional(tensor(float16)) optional(tensor(int16)) optional(tensor(int32)) optional(tensor(int64)) optional(tensor(int8)) optional(tensor(string)) optional(tensor(uint16)) optional(tensor(uint32)) optional(tensor(uint64)) optional(tensor(uint8)) seq(tensor(bfloat16)) seq(tensor(bool)) seq(tensor(complex128)) seq(tensor(complex64)) seq(tensor(double)) seq(tensor(float)) seq(tensor(float16)) seq(tensor(int16)) seq(tensor(int32)) seq(tensor(int64)) seq(tensor(int8)) seq(tensor(string)) seq(tensor(uint16)) seq(tensor(uint32)) seq(tensor(uint64)) seq(tensor(uint8)) tensor(bfloat16) tensor(bool) tensor(complex128) tensor(complex64) tensor(double) tensor(float) tensor(float16) tensor(int16) tensor(int32) tensor(int64) tensor(int8) tensor(string) tensor(uint16) tensor(uint32) tensor(uint64) tensor(uint8)
optional(seq(tensor(bfloat16))) optional(seq(tensor(bool))) optional(seq(tensor(complex128))) optional(seq(tensor(complex64))) optional(seq(tensor(double))) optional(seq(tensor(float))) optional(seq(tensor(float16))) optional(seq(tensor(int16))) optional(seq(tensor(int32))) optional(seq(tensor(int64))) optional(seq(tensor(int8))) optional(seq(tensor(string))) optional(seq(tensor(uint16))) optional(seq(tensor(uint32))) optional(seq(tensor(uint64))) optional(seq(tensor(uint8))) optional(tensor(bfloat16)) optional(tensor(bool)) optional(tensor(complex128)) optional(tensor(complex64)) optional(tensor(double)) optional(tensor(float)) optional(tensor(float16)) optional(tensor(float8e4m3fn)) optional(tensor(float8e4m3fnuz)) optional(tensor(float8e5m2)) optional(tensor(float8e5m2fnuz)) optional(tensor(int16)) optional(tensor(int32)) optional(tensor(int64)) optional(tensor(int8)) optional(tensor(string)) optional(tensor(uint16)) optional(tensor(uint32)) optional(tensor(uint64)) optional(tensor(uint8)) seq(tensor(bfloat16)) seq(tensor(bool)) seq(tensor(complex128)) seq(tensor(complex64)) seq(tensor(double)) seq(tensor(float)) seq(tensor(float16)) seq(tensor(float8e4m3fn)) seq(tensor(float8e4m3fnuz)) seq(tensor(float8e5m2)) seq(tensor(float8e5m2fnuz)) seq(tensor(int16)) seq(tensor(int32)) seq(tensor(int64)) seq(tensor(int8)) seq(tensor(string)) seq(tensor(uint16)) seq(tensor(uint32)) seq(tensor(uint64)) seq(tensor(uint8)) tensor(bfloat16) tensor(bool) tensor(complex128) tensor(complex64) tensor(double) tensor(float) tensor(float16) tensor(float8e4m3fn) tensor(float8e4m3fnuz) tensor(float8e5m2) tensor(float8e5m2fnuz) tensor(int16) tensor(int32) tensor(int64) tensor(int8) tensor(string) tensor(uint16) tensor(uint32) tensor(uint64) tensor(uint8)
optional(seq(tensor(bfloat16))) optional(seq(tensor(bool))) optional(seq(tensor(complex128))) optional(seq(tensor(complex64))) optional(seq(tensor(double))) optional(seq(tensor(float))) optional(seq(tensor(float16))) optional(seq(tensor(int16))) optional(seq(tensor(int32))) optional(seq(tensor(int64))) optional(seq(tensor(int8))) optional(seq(tensor(string))) optional(seq(tensor(uint16))) optional(seq(tensor(uint32))) optional(seq(tensor(uint64))) optional(seq(tensor(uint8))) optional(tensor(bfloat16)) optional(tensor(bool)) optional(tensor(complex128)) optional(tensor(complex64)) optional(tensor(double)) optional(tensor(float)) optional(tensor(float16)) optional(tensor(float8e4m3fn)) optional(tensor(float8e4m3fnuz)) optional(tensor(float8e5m2)) optional(tensor(float8e5m2fnuz)) optional(tensor(int16)) optional(tensor(int32)) optional(tensor(int4)) optional(tensor(int64)) optional(tensor(int8)) optional(tensor(string)) optional(tensor(uint16)) optional(tensor(uint32)) optional(tensor(uint4)) optional(tensor(uint64)) optional(tensor(uint8)) seq(tensor(bfloat16)) seq(tensor(bool)) seq(tensor(complex128)) seq(tensor(complex64)) seq(tensor(double)) seq(tensor(float)) seq(tensor(float16)) seq(tensor(float8e4m3fn)) seq(tensor(float8e4m3fnuz)) seq(tensor(float8e5m2)) seq(tensor(float8e5m2fnuz)) seq(tensor(int16)) seq(tensor(int32)) seq(tensor(int4)) seq(tensor(int64)) seq(tensor(int8)) seq(tensor(string)) seq(tensor(uint16)) seq(tensor(uint32)) seq(tensor(uint4)) seq(tensor(uint64)) seq(tensor(uint8)) tensor(bfloat16) tensor(bool) tensor(complex128) tensor(complex64) tensor(double) tensor(float) tensor(float16) tensor(float8e4m3fn) tensor(float8e4m3fnuz) tensor(float8e5m2) tensor(float8e5m2fnuz) tensor(int16) tensor(int32) tensor(int4) tensor(int64) tensor(int8) tensor(string) tensor(uint16) tensor(uint32) tensor(uint4) tensor(uint64) tensor(uint8)
optional(seq(tensor(bfloat16))) optional(seq(tensor(bool))) optional(seq(tensor(complex128))) optional(seq(tensor(complex64))) optional(seq(tensor(double))) optional(seq(tensor(float))) optional(seq(tensor(float16))) optional(seq(tensor(int16))) optional(seq(tensor(int32))) optional(seq(tensor(int64))) optional(seq(tensor(int8))) optional(seq(tensor(string))) optional(seq(tensor(uint16))) optional(seq(tensor(uint32))) optional(seq(tensor(uint64))) optional(seq(tensor(uint8))) optional(tensor(bfloat16)) optional(tensor(bool)) optional(tensor(complex128)) optional(tensor(complex64)) optional(tensor(double)) optional(tensor(float)) optional(tensor(float16)) optional(tensor(float4e2m1)) optional(tensor(float8e4m3fn)) optional(tensor(float8e4m3fnuz)) optional(tensor(float8e5m2)) optional(tensor(float8e5m2fnuz)) optional(tensor(int16)) optional(tensor(int32)) optional(tensor(int4)) optional(tensor(int64)) optional(tensor(int8)) optional(tensor(string)) optional(tensor(uint16)) optional(tensor(uint32)) optional(tensor(uint4)) optional(tensor(uint64)) optional(tensor(uint8)) seq(tensor(bfloat16)) seq(tensor(bool)) seq(tensor(complex128)) seq(tensor(complex64)) seq(tensor(double)) seq(tensor(float)) seq(tensor(float16)) seq(tensor(float4e2m1)) seq(tensor(float8e4m3fn)) seq(tensor(float8e4m3fnuz)) seq(tensor(float8e5m2)) seq(tensor(float8e5m2fnuz)) seq(tensor(int16)) seq(tensor(int32)) seq(tensor(int4)) seq(tensor(int64)) seq(tensor(int8)) seq(tensor(string)) seq(tensor(uint16)) seq(tensor(uint32)) seq(tensor(uint4)) seq(tensor(uint64)) seq(tensor(uint8)) tensor(bfloat16) tensor(bool) tensor(complex128) tensor(complex64) tensor(double) tensor(float) tensor(float16) tensor(float4e2m1) tensor(float8e4m3fn) tensor(float8e4m3fnuz) tensor(float8e5m2) tensor(float8e5m2fnuz) tensor(int16) tensor(int32) tensor(int4) tensor(int64) tensor(int8) tensor(string) tensor(uint16) tensor(uint32) tensor(uint4) tensor(uint64) tensor(uint8)
optional(seq(tensor(bfloat16))) optional(seq(tensor(bool))) optional(seq(tensor(complex128))) optional(seq(tensor(complex64))) optional(seq(tensor(double))) optional(seq(tensor(float))) optional(seq(tensor(float16))) optional(seq(tensor(int16))) optional(seq(tensor(int32))) optional(seq(tensor(int64))) optional(seq(tensor(int8))) optional(seq(tensor(string))) optional(seq(tensor(uint16))) optional(seq(tensor(uint32))) optional(seq(tensor(uint64))) optional(seq(tensor(uint8))) optional(tensor(bfloat16)) optional(tensor(bool)) optional(tensor(complex128)) optional(tensor(complex64)) optional(tensor(double)) optional(tensor(float)) optional(tensor(float16)) optional(tensor(float4e2m1)) optional(tensor(float8e4m3fn)) optional(tensor(float8e4m3fnuz)) optional(tensor(float8e5m2)) optional(tensor(float8e5m2fnuz)) optional(tensor(float8e8m0)) optional(tensor(int16)) optional(tensor(int32)) optional(tensor(int4)) optional(tensor(int64)) optional(tensor(int8)) optional(tensor(string)) optional(tensor(uint16)) optional(tensor(uint32)) optional(tensor(uint4)) optional(tensor(uint64)) optional(tensor(uint8)) seq(tensor(bfloat16)) seq(tensor(bool)) seq(tensor(complex128)) seq(tensor(complex64)) seq(tensor(double)) seq(tensor(float)) seq(tensor(float16)) seq(tensor(float4e2m1)) seq(tensor(float8e4m3fn)) seq(tensor(float8e4m3fnuz)) seq(tensor(float8e5m2)) seq(tensor(float8e5m2fnuz)) seq(tensor(float8e8m0)) seq(tensor(int16)) seq(tensor(int32)) seq(tensor(int4)) seq(tensor(int64)) seq(tensor(int8)) seq(tensor(string)) seq(tensor(uint16)) seq(tensor(uint32)) seq(tensor(uint4)) seq(tensor(uint64)) seq(tensor(uint8)) tensor(bfloat16) tensor(bool) tensor(complex128) tensor(complex64) tensor(double) tensor(float) tensor(float16) tensor(float4e2m1) tensor(float8e4m3fn) tensor(float8e4m3fnuz) tensor(float8e5m2) tensor(float8e5m2fnuz) tensor(float8e8m0) tensor(int16) tensor(int32) tensor(int4) tensor(int64) tensor(int8) tensor(string) tensor(uint16) tensor(uint32) tensor(uint4) tensor(uint64) tensor(uint8)
optional(seq(tensor(bfloat16))) optional(seq(tensor(bool))) optional(seq(tensor(complex128))) optional(seq(tensor(complex64))) optional(seq(tensor(double))) optional(seq(tensor(float))) optional(seq(tensor(float16))) optional(seq(tensor(int16))) optional(seq(tensor(int32))) optional(seq(tensor(int64))) optional(seq(tensor(int8))) optional(seq(tensor(string))) optional(seq(tensor(uint16))) optional(seq(tensor(uint32))) optional(seq(tensor(uint64))) optional(seq(tensor(uint8))) optional(tensor(bfloat16)) optional(tensor(bool)) optional(tensor(complex128)) optional(tensor(complex64)) optional(tensor(double)) optional(tensor(float)) optional(tensor(float16)) optional(tensor(float4e2m1)) optional(tensor(float8e4m3fn)) optional(tensor(float8e4m3fnuz)) optional(tensor(float8e5m2)) optional(tensor(float8e5m2fnuz)) optional(tensor(float8e8m0)) optional(tensor(int16)) optional(tensor(int2)) optional(tensor(int32)) optional(tensor(int4)) optional(tensor(int64)) optional(tensor(int8)) optional(tensor(string)) optional(tensor(uint16)) optional(tensor(uint2)) optional(tensor(uint32)) optional(tensor(uint4)) optional(tensor(uint64)) optional(tensor(uint8)) seq(tensor(bfloat16)) seq(tensor(bool)) seq(tensor(complex128)) seq(tensor(complex64)) seq(tensor(double)) seq(tensor(float)) seq(tensor(float16)) seq(tensor(float4e2m1)) seq(tensor(float8e4m3fn)) seq(tensor(float8e4m3fnuz)) seq(tensor(float8e5m2)) seq(tensor(float8e5m2fnuz)) seq(tensor(float8e8m0)) seq(tensor(int16)) seq(tensor(int2)) seq(tensor(int32)) seq(tensor(int4)) seq(tensor(int64)) seq(tensor(int8)) seq(tensor(string)) seq(tensor(uint16)) seq(tensor(uint2)) seq(tensor(uint32)) seq(tensor(uint4)) seq(tensor(uint64)) seq(tensor(uint8)) tensor(bfloat16) tensor(bool) tensor(complex128) tensor(complex64) tensor(double) tensor(float) tensor(float16) tensor(float4e2m1) tensor(float8e4m3fn) tensor(float8e4m3fnuz) tensor(float8e5m2) tensor(float8e5m2fnuz) tensor(float8e8m0) tensor(int16) tensor(int2) tensor(int32) tensor(int4) tensor(int64) tensor(int8) tensor(string) tensor(uint16) tensor(uint2) tensor(uint32) tensor(uint4) tensor(uint64) tensor(uint8)
tensor(double) tensor(float)
tensor(bfloat16) tensor(float)
tensor(double) tensor(float) tensor(float16) tensor(int8) tensor(uint8)
tensor(bfloat16) tensor(double) tensor(float) tensor(float16) tensor(int8) tensor(uint8)
tensor(double) tensor(float) tensor(float16) tensor(int16) tensor(int32) tensor(int64) tensor(int8)
tensor(bfloat16) tensor(double) tensor(float) tensor(float16) tensor(int16) tensor(int32) tensor(int64) tensor(int8)
optional(seq(tensor(bool))) optional(seq(tensor(complex128))) optional(seq(tensor(complex64))) optional(seq(tensor(double))) optional(seq(tensor(float))) optional(seq(tensor(float16))) optional(seq(tensor(int16))) optional(seq(tensor(int32))) optional(seq(tensor(int64))) optional(seq(tensor(int8))) optional(seq(tensor(string))) optional(seq(tensor(uint16))) optional(seq(tensor(uint32))) optional(seq(tensor(uint64))) optional(seq(tensor(uint8))) optional(tensor(bool)) optional(tensor(complex128)) optional(tensor(complex64)) optional(tensor(double)) optional(tensor(float)) optional(tensor(float16)) optional(tensor(int16)) optional(tensor(int32)) optional(tensor(int64)) optional(tensor(int8)) optional(tensor(string)) optional(tensor(uint16)) optional(tensor(uint32)) optional(tensor(uint64)) optional(tensor(uint8))
seq(tensor(bfloat16)) seq(tensor(bool)) seq(tensor(complex128)) seq(tensor(complex64)) seq(tensor(double)) seq(tensor(float)) seq(tensor(float16)) seq(tensor(float4e2m1)) seq(tensor(float6e2m3)) seq(tensor(float6e3m2)) seq(tensor(float8e4m3fn)) seq(tensor(float8e4m3fnuz)) seq(tensor(float8e5m2)) seq(tensor(float8e5m2fnuz)) seq(tensor(float8e8m0)) seq(tensor(int16)) seq(tensor(int2)) seq(tensor(int32)) seq(tensor(int4)) seq(tensor(int64)) seq(tensor(int8)) seq(tensor(string)) seq(tensor(uint16)) seq(tensor(uint2)) seq(tensor(uint32)) seq(tensor(uint4)) seq(tensor(uint64)) seq(tensor(uint8)) tensor(bfloat16) tensor(bool) tensor(complex128) tensor(complex64) tensor(double) tensor(float) tensor(float16) tensor(float4e2m1) tensor(float6e2m3) tensor(float6e3m2) tensor(float8e4m3fn) tensor(float8e4m3fnuz) tensor(float8e5m2) tensor(float8e5m2fnuz) tensor(float8e8m0) tensor(int16) tensor(int2) tensor(int32) tensor(int4) tensor(int64) tensor(int8) tensor(string) tensor(uint16) tensor(uint2) tensor(uint32) tensor(uint4) tensor(uint64) tensor(uint8)
optional(seq(tensor(bfloat16))) optional(seq(tensor(bool))) optional(seq(tensor(complex128))) optional(seq(tensor(complex64))) optional(seq(tensor(double))) optional(seq(tensor(float))) optional(seq(tensor(float16))) optional(seq(tensor(float4e2m1))) optional(seq(tensor(float6e2m3))) optional(seq(tensor(float6e3m2))) optional(seq(tensor(float8e4m3fn))) optional(seq(tensor(float8e4m3fnuz))) optional(seq(tensor(float8e5m2))) optional(seq(tensor(float8e5m2fnuz))) optional(seq(tensor(float8e8m0))) optional(seq(tensor(int16))) optional(seq(tensor(int2))) optional(seq(tensor(int32))) optional(seq(tensor(int4))) optional(seq(tensor(int64))) optional(seq(tensor(int8))) optional(seq(tensor(string))) optional(seq(tensor(uint16))) optional(seq(tensor(uint2))) optional(seq(tensor(uint32))) optional(seq(tensor(uint4))) optional(seq(tensor(uint64))) optional(seq(tensor(uint8))) optional(tensor(bfloat16)) optional(tensor(bool)) optional(tensor(complex128)) optional(tensor(complex64)) optional(tensor(double)) optional(tensor(float)) optional(tensor(float16)) optional(tensor(float4e2m1)) optional(tensor(float6e2m3)) optional(tensor(float6e3m2)) optional(tensor(float8e4m3fn)) optional(tensor(float8e4m3fnuz)) optional(tensor(float8e5m2)) optional(tensor(float8e5m2fnuz)) optional(tensor(float8e8m0)) optional(tensor(int16)) optional(tensor(int2)) optional(tensor(int32)) optional(tensor(int4)) optional(tensor(int64)) optional(tensor(int8)) optional(tensor(string)) optional(tensor(uint16)) optional(tensor(uint2)) optional(tensor(uint32)) optional(tensor(uint4)) optional(tensor(uint64)) optional(tensor(uint8))
optional(seq(tensor(bool))) optional(seq(tensor(complex128))) optional(seq(tensor(complex64))) optional(seq(tensor(double))) optional(seq(tensor(float))) optional(seq(tensor(float16))) optional(seq(tensor(int16))) optional(seq(tensor(int32))) optional(seq(tensor(int64))) optional(seq(tensor(int8))) optional(seq(tensor(string))) optional(seq(tensor(uint16))) optional(seq(tensor(uint32))) optional(seq(tensor(uint64))) optional(seq(tensor(uint8))) optional(tensor(bool)) optional(tensor(complex128)) optional(tensor(complex64)) optional(tensor(double)) optional(tensor(float)) optional(tensor(float16)) optional(tensor(int16)) optional(tensor(int32)) optional(tensor(int64)) optional(tensor(int8)) optional(tensor(string)) optional(tensor(uint16)) optional(tensor(uint32)) optional(tensor(uint64)) optional(tensor(uint8)) seq(tensor(bool)) seq(tensor(complex128)) seq(tensor(complex64)) seq(tensor(double)) seq(tensor(float)) seq(tensor(float16)) seq(tensor(int16)) seq(tensor(int32)) seq(tensor(int64)) seq(tensor(int8)) seq(tensor(string)) seq(tensor(uint16)) seq(tensor(uint32)) seq(tensor(uint64)) seq(tensor(uint8)) tensor(bool) tensor(complex128) tensor(complex64) tensor(double) tensor(float) tensor(float16) tensor(int16) tensor(int32) tensor(int64) tensor(int8) tensor(string) tensor(uint16) tensor(uint32) tensor(uint64) tensor(uint8)
optional(seq(tensor(bfloat16))) optional(seq(tensor(bool))) optional(seq(tensor(complex128))) optional(seq(tensor(complex64))) optional(seq(tensor(double))) optional(seq(tensor(float))) optional(seq(tensor(float16))) optional(seq(tensor(float4e2m1))) optional(seq(tensor(float6e2m3))) optional(seq(tensor(float6e3m2))) optional(seq(tensor(float8e4m3fn))) optional(seq(tensor(float8e4m3fnuz))) optional(seq(tensor(float8e5m2))) optional(seq(tensor(float8e5m2fnuz))) optional(seq(tensor(float8e8m0))) optional(seq(tensor(int16))) optional(seq(tensor(int2))) optional(seq(tensor(int32))) optional(seq(tensor(int4))) optional(seq(tensor(int64))) optional(seq(tensor(int8))) optional(seq(tensor(string))) optional(seq(tensor(uint16))) optional(seq(tensor(uint2))) optional(seq(tensor(uint32))) optional(seq(tensor(uint4))) optional(seq(tensor(uint64))) optional(seq(tensor(uint8))) optional(tensor(bfloat16)) optional(tensor(bool)) optional(tensor(complex128)) optional(tensor(complex64)) optional(tensor(double)) optional(tensor(float)) optional(tensor(float16)) optional(tensor(float4e2m1)) optional(tensor(float6e2m3)) optional(tensor(float6e3m2)) optional(tensor(float8e4m3fn)) optional(tensor(float8e4m3fnuz)) optional(tensor(float8e5m2)) optional(tensor(float8e5m2fnuz)) optional(tensor(float8e8m0)) optional(tensor(int16)) optional(tensor(int2)) optional(tensor(int32)) optional(tensor(int4)) optional(tensor(int64)) optional(tensor(int8)) optional(tensor(string)) optional(tensor(uint16)) optional(tensor(uint2)) optional(tensor(uint32)) optional(tensor(uint4)) optional(tensor(uint64)) optional(tensor(uint8)) seq(tensor(bfloat16)) seq(tensor(bool)) seq(tensor(complex128)) seq(tensor(complex64)) seq(tensor(double)) seq(tensor(float)) seq(tensor(float16)) seq(tensor(float4e2m1)) seq(tensor(float6e2m3)) seq(tensor(float6e3m2)) seq(tensor(float8e4m3fn)) seq(tensor(float8e4m3fnuz)) seq(tensor(float8e5m2)) seq(tensor(float8e5m2fnuz)) seq(tensor(float8e8m0)) seq(tensor(int16)) seq(tensor(int2)) seq(tensor(int32)) seq(tensor(int4)) seq(tensor(int64)) seq(tensor(int8)) seq(tensor(string)) seq(tensor(uint16)) seq(tensor(uint2)) seq(tensor(uint32)) seq(tensor(uint4)) seq(tensor(uint64)) seq(tensor(uint8)) tensor(bfloat16) tensor(bool) tensor(complex128) tensor(complex64) tensor(double) tensor(float) tensor(float16) tensor(float4e2m1) tensor(float6e2m3) tensor(float6e3m2) tensor(float8e4m3fn) tensor(float8e4m3fnuz) tensor(float8e5m2) tensor(float8e5m2fnuz) tensor(float8e8m0) tensor(int16) tensor(int2) tensor(int32) tensor(int4) tensor(int64) tensor(int8) tensor(string) tensor(uint16) tensor(uint2) tensor(uint32) tensor(uint4) tensor(uint64) tensor(uint8)
tensor(double) tensor(float) tensor(float16) tensor(int32) tensor(int64)
tensor(bfloat16) tensor(double) tensor(float) tensor(float16) tensor(int32) tensor(int64)
tensor(float8e4m3fn) tensor(float8e4m3fnuz) tensor(float8e5m2) tensor(float8e5m2fnuz) tensor(int8) tensor(uint8)
tensor(float) tensor(int32)
tensor(bfloat16) tensor(float) tensor(float16) tensor(int32)
tensor(float8e4m3fn) tensor(float8e4m3fnuz) tensor(float8e5m2) tensor(float8e5m2fnuz) tensor(int16) tensor(int4) tensor(int8) tensor(uint16) tensor(uint4) tensor(uint8)
tensor(float4e2m1) tensor(float8e4m3fn) tensor(float8e4m3fnuz) tensor(float8e5m2) tensor(float8e5m2fnuz) tensor(int16) tensor(int4) tensor(int8) tensor(uint16) tensor(uint4) tensor(uint8)
tensor(bfloat16) tensor(float) tensor(float16) tensor(float8e8m0) tensor(int32)
tensor(float4e2m1) tensor(float8e4m3fn) tensor(float8e4m3fnuz) tensor(float8e5m2) tensor(float8e5m2fnuz) tensor(int16) tensor(int2) tensor(int4) tensor(int8) tensor(uint16) tensor(uint2) tensor(uint4) tensor(uint8)
tensor(float4e2m1) tensor(float6e2m3) tensor(float6e3m2) tensor(float8e4m3fn) tensor(float8e4m3fnuz) tensor(float8e5m2) tensor(float8e5m2fnuz) tensor(int16) tensor(int2) tensor(int4) tensor(int8) tensor(uint16) tensor(uint2) tensor(uint4) tensor(uint8)
tensor(double) tensor(float) tensor(int16) tensor(int32) tensor(int64)
tensor(bfloat16) tensor(double) tensor(float) tensor(float16) tensor(int16) tensor(int32) tensor(int64)
tensor(double) tensor(float) tensor(float16) tensor(int32) tensor(int64) tensor(int8) tensor(uint32) tensor(uint64) tensor(uint8)
tensor(bfloat16) tensor(double) tensor(float) tensor(float16) tensor(int32) tensor(int64) tensor(int8) tensor(uint32) tensor(uint64) tensor(uint8)
tensor(bfloat16) tensor(bool) tensor(double) tensor(float) tensor(float16) tensor(int32) tensor(int64) tensor(int8) tensor(uint32) tensor(uint64) tensor(uint8)
tensor(string)
seq(tensor(bfloat16)) seq(tensor(bool)) seq(tensor(complex128)) seq(tensor(complex64)) seq(tensor(double)) seq(tensor(float)) seq(tensor(float16)) seq(tensor(int16)) seq(tensor(int32)) seq(tensor(int64)) seq(tensor(int8)) seq(tensor(string)) seq(tensor(uint16)) seq(tensor(uint32)) seq(tensor(uint64)) seq(tensor(uint8))
tensor(int32) tensor(int64) tensor(string)
tensor(bool) tensor(double) tensor(float) tensor(float16) tensor(int32) tensor(int64)
tensor(double) tensor(float) tensor(int32) tensor(int64) tensor(string)
tensor(double) tensor(float) tensor(int32) tensor(int64)
map(int64, float) map(int64, string)
tensor(float) tensor(int64) tensor(string)
tensor(int64) tensor(string)
map(int64, double) map(int64, float) map(int64, string) map(string, double) map(string, float) map(string, int64)
tensor(double) tensor(float) tensor(int64) tensor(string)
tensor(double) tensor(float) tensor(int16) tensor(int32) tensor(int64) tensor(string)
seq(map(int64, float)) seq(map(string, float))`

/** domain | operator | since, x: withdrawn | inputs | outputs | types of inputs | of outputs | attributes:kind, !: needed | constraints */
export const operatorLines = `|Abs|1|1-1|1-1|T|T|consumed_inputs:7|T=0
|Abs|6|1-1|1-1|T|T||T=1
|Abs|13|1-1|1-1|T|T||T=2
|Acos|7|1-1|1-1|T|T||T=0
|Acos|22|1-1|1-1|T|T||T=3
|Acosh|9|1-1|1-1|T|T||T=0
|Acosh|22|1-1|1-1|T|T||T=3
|Add|1|2-2|1-1|T,T|T|axis:2,broadcast:2,consumed_inputs:7|T=0
|Add|6|2-2|1-1|T,T|T|axis:2,broadcast:2|T=4
|Add|7|2-2|1-1|T,T|T||T=4
|Add|13|2-2|1-1|T,T|T||T=5
|Add|14|2-2|1-1|T,T|T||T=2
|AffineGrid|20|2-2|1-1|T1,T2|T1|align_corners:2|T1=3,T2=6
|And|1|2-2|1-1|T,T|T1|axis:2,broadcast:2|T=7,T1=7
|And|7|2-2|1-1|T,T|T1||T=7,T1=7
|ArgMax|1|1-1|1-1|T|#6|axis:2,keepdims:2|T=1
|ArgMax|11|1-1|1-1|T|#6|axis:2,keepdims:2|T=1
|ArgMax|12|1-1|1-1|T|#6|axis:2,keepdims:2,select_last_index:2|T=1
|ArgMax|13|1-1|1-1|T|#6|axis:2,keepdims:2,select_last_index:2|T=2
|ArgMin|1|1-1|1-1|T|#6|axis:2,keepdims:2|T=1
|ArgMin|11|1-1|1-1|T|#6|axis:2,keepdims:2|T=1
|ArgMin|12|1-1|1-1|T|#6|axis:2,keepdims:2,select_last_index:2|T=1
|ArgMin|13|1-1|1-1|T|#6|axis:2,keepdims:2,select_last_index:2|T=2
|Asin|7|1-1|1-1|T|T||T=0
|Asin|22|1-1|1-1|T|T||T=3
|Asinh|9|1-1|1-1|T|T||T=0
|Asinh|22|1-1|1-1|T|T||T=3
|Atan|7|1-1|1-1|T|T||T=0
|Atan|22|1-1|1-1|T|T||T=3
|Atanh|9|1-1|1-1|T|T||T=0
|Atanh|22|1-1|1-1|T|T||T=3
|Attention|23|3-6|1-4|T1,T1,T2,U,T1,T2|T1,T1,T2,T1|is_causal:2,kv_num_heads:2,q_num_heads:2,qk_matmul_output_mode:2,scale:1,softcap:1,softmax_precision:2|T1=3,T2=3,U=8
|Attention|24|3-7|1-4|T1,T1,T2,U,T1,T2,#6|T1,T1,T2,T1|is_causal:2,kv_num_heads:2,q_num_heads:2,qk_matmul_output_mode:2,scale:1,softcap:1,softmax_precision:2|T1=3,T2=3,U=8
|Attention|25|3-7|1-4|T1,T1,T2,U,T1,T2,#6|T1,T1,T2,T1|is_causal:2,kv_num_heads:2,left_window_size:2,q_num_heads:2,qk_matmul_output_mode:2,right_window_size:2,scale:1,softcap:1,softmax_precision:2|T1=3,T2=3,U=8
|AveragePool|1|1-1|1-1|T|T|auto_pad:3,kernel_shape:7!,pads:7,strides:7|T=0
|AveragePool|7|1-1|1-1|T|T|auto_pad:3,count_include_pad:2,kernel_shape:7!,pads:7,strides:7|T=0
|AveragePool|10|1-1|1-1|T|T|auto_pad:3,ceil_mode:2,count_include_pad:2,kernel_shape:7!,pads:7,strides:7|T=0
|AveragePool|11|1-1|1-1|T|T|auto_pad:3,ceil_mode:2,count_include_pad:2,kernel_shape:7!,pads:7,strides:7|T=0
|AveragePool|19|1-1|1-1|T|T|auto_pad:3,ceil_mode:2,count_include_pad:2,dilations:7,kernel_shape:7!,pads:7,strides:7|T=0
|AveragePool|22|1-1|1-1|T|T|auto_pad:3,ceil_mode:2,count_include_pad:2,dilations:7,kernel_shape:7!,pads:7,strides:7|T=3
|BatchNormalization|1|5-5|1-5|T,T,T,T,T|T,T,T,T,T|consumed_inputs:7!,epsilon:1,is_test:2,momentum:1,spatial:2|T=0
|BatchNormalization|6|5-5|1-5|T,T,T,T,T|T,T,T,T,T|epsilon:1,is_test:2,momentum:1,spatial:2|T=0
|BatchNormalization|7|5-5|1-5|T,T,T,T,T|T,T,T,T,T|epsilon:1,momentum:1,spatial:2|T=0
|BatchNormalization|9|5-5|1-5|T,T,T,T,T|T,T,T,T,T|epsilon:1,momentum:1|T=0
|BatchNormalization|14|5-5|1-3|T,T,T,U,U|T,U,U|epsilon:1,momentum:1,training_mode:2|T=3,U=3
|BatchNormalization|15|5-5|1-3|T,T1,T1,T2,T2|T,T2,T2|epsilon:1,momentum:1,training_mode:2|T=3,T1=3,T2=3
|Bernoulli|15|1-1|1-1|T1|T2|dtype:2,seed:1|T1=0,T2=8
|Bernoulli|22|1-1|1-1|T1|T2|dtype:2,seed:1|T1=3,T2=8
|BitCast|26|1-1|1-1|T1|T2|to:2!|T1=9,T2=9
|BitShift|11|2-2|1-1|T,T|T|direction:3!|T=10
|BitShift|28|2-2|1-1|T,T|T|direction:3!|T=11
|BitwiseAnd|18|2-2|1-1|T,T|T||T=11
|BitwiseNot|18|1-1|1-1|T|T||T=11
|BitwiseOr|18|2-2|1-1|T,T|T||T=11
|BitwiseXor|18|2-2|1-1|T,T|T||T=11
|BlackmanWindow|17|1-1|1-1|T1|T2|output_datatype:2,periodic:2|T1=12,T2=2
|Cast|1|1-1|1-1|T1|T2|to:3!|T1=13,T2=13
|Cast|6|1-1|1-1|T1|T2|to:2!|T1=13,T2=13
|Cast|9|1-1|1-1|T1|T2|to:2!|T1=14,T2=14
|Cast|13|1-1|1-1|T1|T2|to:2!|T1=15,T2=15
|Cast|19|1-1|1-1|T1|T2|saturate:2,to:2!|T1=16,T2=16
|Cast|21|1-1|1-1|T1|T2|saturate:2,to:2!|T1=17,T2=17
|Cast|23|1-1|1-1|T1|T2|saturate:2,to:2!|T1=18,T2=18
|Cast|24|1-1|1-1|T1|T2|round_mode:3,saturate:2,to:2!|T1=19,T2=19
|Cast|25|1-1|1-1|T1|T2|round_mode:3,saturate:2,to:2!|T1=20,T2=20
|Cast|28|1-1|1-1|T1|T2|round_mode:3,saturate:2,to:2!|T1=21,T2=21
|CastLike|15|2-2|1-1|T1,T2|T2||T1=15,T2=15
|CastLike|19|2-2|1-1|T1,T2|T2|saturate:2|T1=16,T2=16
|CastLike|21|2-2|1-1|T1,T2|T2|saturate:2|T1=17,T2=17
|CastLike|23|2-2|1-1|T1,T2|T2|saturate:2|T1=18,T2=18
|CastLike|24|2-2|1-1|T1,T2|T2|round_mode:3,saturate:2|T1=19,T2=19
|CastLike|25|2-2|1-1|T1,T2|T2|round_mode:3,saturate:2|T1=20,T2=20
|CausalConvWithState|27|2-4|2-2|T,T,T,T|T,T|activation:3|T=22
|Ceil|1|1-1|1-1|T|T|consumed_inputs:7|T=0
|Ceil|6|1-1|1-1|T|T||T=0
|Ceil|13|1-1|1-1|T|T||T=3
|Celu|12|1-1|1-1|T|T|alpha:1|T=23
|Celu|28|1-1|1-1|T|T|alpha:1|T=3
|CenterCropPad|18|2-2|1-1|T,Tind|T|axes:7|T=24,Tind=12
|Clip|1|1-1|1-1|T|T|consumed_inputs:7,max:1,min:1|T=0
|Clip|6|1-1|1-1|T|T|max:1,min:1|T=0
|Clip|11|1-3|1-1|T,T,T|T||T=0
|Clip|12|1-3|1-1|T,T,T|T||T=1
|Clip|13|1-3|1-1|T,T,T|T||T=2
|Col2Im|18|3-3|1-1|T,#6,#6|T|dilations:7,pads:7,strides:7|T=24
|Compress|9|2-2|1-1|T,T1|T|axis:2|T=25,T1=7
|Compress|11|2-2|1-1|T,T1|T|axis:2|T=25,T1=7
|Compress|28|2-2|1-1|T,T1|T|axis:2|T=24,T1=7
|Concat|1|1-|1-1|T*|T|axis:2|T=0
|Concat|4|1-|1-1|T*|T|axis:2!|T=25
|Concat|11|1-|1-1|T*|T|axis:2!|T=25
|Concat|13|1-|1-1|T*|T|axis:2!|T=24
|ConcatFromSequence|11|1-1|1-1|S|T|axis:2!,new_axis:2|S=26,T=25
|Constant|1|0-0|1-1||T|value:4!|T=0
|Constant|9|0-0|1-1||T|value:4!|T=25
|Constant|11|0-0|1-1||T|sparse_value:11,value:4|T=25
|Constant|12|0-0|1-1||T|sparse_value:11,value:4,value_float:1,value_floats:6,value_int:2,value_ints:7,value_string:3,value_strings:8|T=25
|Constant|13|0-0|1-1||T|sparse_value:11,value:4,value_float:1,value_floats:6,value_int:2,value_ints:7,value_string:3,value_strings:8|T=24
|Constant|19|0-0|1-1||T|sparse_value:11,value:4,value_float:1,value_floats:6,value_int:2,value_ints:7,value_string:3,value_strings:8|T=27
|Constant|21|0-0|1-1||T|sparse_value:11,value:4,value_float:1,value_floats:6,value_int:2,value_ints:7,value_string:3,value_strings:8|T=28
|Constant|23|0-0|1-1||T|sparse_value:11,value:4,value_float:1,value_floats:6,value_int:2,value_ints:7,value_string:3,value_strings:8|T=29
|Constant|24|0-0|1-1||T|sparse_value:11,value:4,value_float:1,value_floats:6,value_int:2,value_ints:7,value_string:3,value_strings:8|T=30
|Constant|25|0-0|1-1||T|sparse_value:11,value:4,value_float:1,value_floats:6,value_int:2,value_ints:7,value_string:3,value_strings:8|T=31
|ConstantOfShape|9|1-1|1-1|T1|T2|value:4|T1=6,T2=13
|ConstantOfShape|20|1-1|1-1|T1|T2|value:4|T1=6,T2=32
|ConstantOfShape|21|1-1|1-1|T1|T2|value:4|T1=6,T2=33
|ConstantOfShape|23|1-1|1-1|T1|T2|value:4|T1=6,T2=34
|ConstantOfShape|24|1-1|1-1|T1|T2|value:4|T1=6,T2=35
|ConstantOfShape|25|1-1|1-1|T1|T2|value:4|T1=6,T2=36
|Conv|1|2-3|1-1|T,T,T|T|auto_pad:3,dilations:7,group:2,kernel_shape:7,pads:7,strides:7|T=0
|Conv|11|2-3|1-1|T,T,T|T|auto_pad:3,dilations:7,group:2,kernel_shape:7,pads:7,strides:7|T=0
|Conv|22|2-3|1-1|T,T,T|T|auto_pad:3,dilations:7,group:2,kernel_shape:7,pads:7,strides:7|T=3
|ConvInteger|10|2-4|1-1|T1,T2,T1,T2|T3|auto_pad:3,dilations:7,group:2,kernel_shape:7,pads:7,strides:7|T1=37,T2=37,T3=38
|ConvTranspose|1|2-3|1-1|T,T,T|T|auto_pad:3,dilations:7,group:2,kernel_shape:7,output_padding:7,output_shape:7,pads:7,strides:7|T=0
|ConvTranspose|11|2-3|1-1|T,T,T|T|auto_pad:3,dilations:7,group:2,kernel_shape:7,output_padding:7,output_shape:7,pads:7,strides:7|T=0
|ConvTranspose|22|2-3|1-1|T,T,T|T|auto_pad:3,dilations:7,group:2,kernel_shape:7,output_padding:7,output_shape:7,pads:7,strides:7|T=3
|Cos|7|1-1|1-1|T|T||T=0
|Cos|22|1-1|1-1|T|T||T=3
|Cosh|9|1-1|1-1|T|T||T=0
|Cosh|22|1-1|1-1|T|T||T=3
|CumProd|26|2-2|1-1|T,T2|T|exclusive:2,reverse:2|T=5,T2=12
|CumSum|11|2-2|1-1|T,T2|T|exclusive:2,reverse:2|T=39,T2=12
|CumSum|14|2-2|1-1|T,T2|T|exclusive:2,reverse:2|T=5,T2=12
|DFT|17|1-2|1-1|T1,T2|T1|axis:2,inverse:2,onesided:2|T1=3,T2=12
|DFT|20|1-3|1-1|T1,T2,#6|T1|inverse:2,onesided:2|T1=3,T2=12
|DeformConv|19|3-5|1-1|T,T,T,T,T|T|dilations:7,group:2,kernel_shape:7,offset_group:2,pads:7,strides:7|T=0
|DeformConv|22|3-5|1-1|T,T,T,T,T|T|dilations:7,group:2,kernel_shape:7,offset_group:2,pads:7,strides:7|T=3
|DepthToSpace|1|1-1|1-1|T|T|blocksize:2!|T=25
|DepthToSpace|11|1-1|1-1|T|T|blocksize:2!,mode:3|T=25
|DepthToSpace|13|1-1|1-1|T|T|blocksize:2!,mode:3|T=24
|DepthToSpace|28|1-1|1-1|T|T|blocksize:2!,mode:3|T=24
|DequantizeLinear|10|2-3|1-1|T,#23,T|#23||T=40
|DequantizeLinear|13|2-3|1-1|T,#23,T|#23|axis:2|T=40
|DequantizeLinear|19|2-3|1-1|T1,T2,T1|T2|axis:2|T1=41,T2=22
|DequantizeLinear|21|2-3|1-1|T1,T2,T1|T2|axis:2,block_size:2|T1=42,T2=22
|DequantizeLinear|23|2-3|1-1|T1,T2,T1|T3|axis:2,block_size:2,output_dtype:2|T1=43,T2=22,T3=22
|DequantizeLinear|24|2-3|1-1|T1,T2,T1|T3|axis:2,block_size:2,output_dtype:2|T1=43,T2=44,T3=22
|DequantizeLinear|25|2-3|1-1|T1,T2,T1|T3|axis:2,block_size:2,output_dtype:2|T1=45,T2=44,T3=22
|DequantizeLinear|28|2-3|1-1|T1,T2,T1|T3|axis:2,block_size:2,output_dtype:2|T1=46,T2=44,T3=22
|Det|11|1-1|1-1|T|T||T=0
|Det|22|1-1|1-1|T|T||T=3
|Div|1|2-2|1-1|T,T|T|axis:2,broadcast:2,consumed_inputs:7|T=0
|Div|6|2-2|1-1|T,T|T|axis:2,broadcast:2|T=4
|Div|7|2-2|1-1|T,T|T||T=4
|Div|13|2-2|1-1|T,T|T||T=5
|Div|14|2-2|1-1|T,T|T||T=2
|Dropout|1|1-1|1-2|T|T,T|consumed_inputs:7,is_test:2,ratio:1|T=0
|Dropout|6|1-1|1-2|T|T,T|is_test:2,ratio:1|T=0
|Dropout|7|1-1|1-2|T|T,T|ratio:1|T=0
|Dropout|10|1-1|1-2|T|T,T1|ratio:1|T=0,T1=7
|Dropout|12|1-3|1-2|T,T1,T2|T,T2|seed:2|T=0,T1=0,T2=7
|Dropout|13|1-3|1-2|T,T1,T2|T,T2|seed:2|T=3,T1=0,T2=7
|Dropout|22|1-3|1-2|T,T1,T2|T,T2|seed:2|T=47,T1=47,T2=7
|DynamicQuantizeLinear|11|1-1|3-3|T1|T2,#23,T2||T1=23,T2=48
|Einsum|12|1-|1-1|T*|T|equation:3!|T=1
|Einsum|28|1-|1-1|T*|T|equation:3!|T=2
|Elu|1|1-1|1-1|T|T|alpha:1,consumed_inputs:7|T=0
|Elu|6|1-1|1-1|T|T|alpha:1|T=0
|Elu|22|1-1|1-1|T|T|alpha:1|T=3
|Equal|1|2-2|1-1|T,T|T1|axis:2,broadcast:2|T=49,T1=7
|Equal|7|2-2|1-1|T,T|T1||T=49,T1=7
|Equal|11|2-2|1-1|T,T|T1||T=13,T1=7
|Equal|13|2-2|1-1|T,T|T1||T=8,T1=7
|Equal|19|2-2|1-1|T,T|T1||T=15,T1=7
|Erf|9|1-1|1-1|T|T||T=1
|Erf|13|1-1|1-1|T|T||T=3
|Exp|1|1-1|1-1|T|T|consumed_inputs:7|T=0
|Exp|6|1-1|1-1|T|T||T=0
|Exp|13|1-1|1-1|T|T||T=3
|Expand|8|2-2|1-1|T,#6|T||T=25
|Expand|13|2-2|1-1|T,#6|T||T=24
|EyeLike|9|1-1|1-1|T1|T2|dtype:2,k:2|T1=13,T2=13
|EyeLike|22|1-1|1-1|T1|T2|dtype:2,k:2|T1=8,T2=8
|Flatten|1|1-1|1-1|T|T|axis:2|T=0
|Flatten|9|1-1|1-1|T|T|axis:2|T=25
|Flatten|11|1-1|1-1|T|T|axis:2|T=25
|Flatten|13|1-1|1-1|T|T|axis:2|T=24
|Flatten|21|1-1|1-1|T|T|axis:2|T=28
|Flatten|23|1-1|1-1|T|T|axis:2|T=29
|Flatten|24|1-1|1-1|T|T|axis:2|T=30
|Flatten|25|1-1|1-1|T|T|axis:2|T=31
|Floor|1|1-1|1-1|T|T|consumed_inputs:7|T=0
|Floor|6|1-1|1-1|T|T||T=0
|Floor|13|1-1|1-1|T|T||T=3
|GRU|1|3-6|2-2|T,T,T,T,T1,T|T,T|activation_alpha:6,activation_beta:6,activations:8,clip:1,direction:3,hidden_size:2,output_sequence:2|T=0,T1=38
|GRU|3|3-6|0-2|T,T,T,T,T1,T|T,T|activation_alpha:6,activation_beta:6,activations:8,clip:1,direction:3,hidden_size:2,linear_before_reset:2,output_sequence:2|T=0,T1=38
|GRU|7|3-6|0-2|T,T,T,T,T1,T|T,T|activation_alpha:6,activation_beta:6,activations:8,clip:1,direction:3,hidden_size:2,linear_before_reset:2|T=0,T1=38
|GRU|14|3-6|0-2|T,T,T,T,T1,T|T,T|activation_alpha:6,activation_beta:6,activations:8,clip:1,direction:3,hidden_size:2,layout:2,linear_before_reset:2|T=0,T1=38
|GRU|22|3-6|0-2|T,T,T,T,T1,T|T,T|activation_alpha:6,activation_beta:6,activations:8,clip:1,direction:3,hidden_size:2,layout:2,linear_before_reset:2|T=3,T1=38
|Gather|1|2-2|1-1|T,Tind|T|axis:2|T=25,Tind=12
|Gather|11|2-2|1-1|T,Tind|T|axis:2|T=25,Tind=12
|Gather|13|2-2|1-1|T,Tind|T|axis:2|T=24,Tind=12
|GatherElements|11|2-2|1-1|T,Tind|T|axis:2|T=25,Tind=12
|GatherElements|13|2-2|1-1|T,Tind|T|axis:2|T=24,Tind=12
|GatherND|11|2-2|1-1|T,#6|T||T=25
|GatherND|12|2-2|1-1|T,#6|T|batch_dims:2|T=25
|GatherND|13|2-2|1-1|T,#6|T|batch_dims:2|T=24
|Gelu|20|1-1|1-1|T|T|approximate:3|T=3
|Gemm|1|3-3|1-1|T,T,T|T|alpha:1,beta:1,broadcast:2,transA:2,transB:2|T=0
|Gemm|6|3-3|1-1|T,T,T|T|alpha:1,beta:1,broadcast:2,transA:2,transB:2|T=0
|Gemm|7|3-3|1-1|T,T,T|T|alpha:1,beta:1,transA:2,transB:2|T=0
|Gemm|9|3-3|1-1|T,T,T|T|alpha:1,beta:1,transA:2,transB:2|T=4
|Gemm|11|2-3|1-1|T,T,T|T|alpha:1,beta:1,transA:2,transB:2|T=4
|Gemm|13|2-3|1-1|T,T,T|T|alpha:1,beta:1,transA:2,transB:2|T=5
|GlobalAveragePool|1|1-1|1-1|T|T||T=0
|GlobalAveragePool|22|1-1|1-1|T|T||T=3
|GlobalLpPool|1|1-1|1-1|T|T|p:1|T=0
|GlobalLpPool|2|1-1|1-1|T|T|p:2|T=0
|GlobalLpPool|22|1-1|1-1|T|T|p:2|T=3
|GlobalMaxPool|1|1-1|1-1|T|T||T=0
|GlobalMaxPool|22|1-1|1-1|T|T||T=3
|Greater|1|2-2|1-1|T,T|T1|axis:2,broadcast:2|T=0,T1=7
|Greater|7|2-2|1-1|T,T|T1||T=0,T1=7
|Greater|9|2-2|1-1|T,T|T1||T=1,T1=7
|Greater|13|2-2|1-1|T,T|T1||T=2,T1=7
|GreaterOrEqual|12|2-2|1-1|T,T|T1||T=1,T1=7
|GreaterOrEqual|16|2-2|1-1|T,T|T1||T=2,T1=7
|GridSample|16|2-2|1-1|T1,T2|T1|align_corners:2,mode:3,padding_mode:3|T1=25,T2=0
|GridSample|20|2-2|1-1|T1,T2|T1|align_corners:2,mode:3,padding_mode:3|T1=25,T2=0
|GridSample|22|2-2|1-1|T1,T2|T1|align_corners:2,mode:3,padding_mode:3|T1=24,T2=3
|GroupNormalization|18x|3-3|1-1|T,T,T|T|epsilon:1,num_groups:2!|T=3
|GroupNormalization|21|3-3|1-1|T,T,T|T|epsilon:1,num_groups:2!,stash_type:2|T=3
|HammingWindow|17|1-1|1-1|T1|T2|output_datatype:2,periodic:2|T1=12,T2=2
|HannWindow|17|1-1|1-1|T1|T2|output_datatype:2,periodic:2|T1=12,T2=2
|HardSigmoid|1|1-1|1-1|T|T|alpha:1,beta:1,consumed_inputs:7|T=0
|HardSigmoid|6|1-1|1-1|T|T|alpha:1,beta:1|T=0
|HardSigmoid|22|1-1|1-1|T|T|alpha:1,beta:1|T=3
|HardSwish|14|1-1|1-1|T|T||T=0
|HardSwish|22|1-1|1-1|T|T||T=3
|Hardmax|1|1-1|1-1|T|T|axis:2|T=0
|Hardmax|11|1-1|1-1|T|T|axis:2|T=0
|Hardmax|13|1-1|1-1|T|T|axis:2|T=3
|Identity|1|1-1|1-1|T|T||T=25
|Identity|13|1-1|1-1|T|T||T=24
|Identity|14|1-1|1-1|V|V||V=50
|Identity|16|1-1|1-1|V|V||V=51
|Identity|19|1-1|1-1|V|V||V=52
|Identity|21|1-1|1-1|V|V||V=53
|Identity|23|1-1|1-1|V|V||V=54
|Identity|24|1-1|1-1|V|V||V=55
|Identity|25|1-1|1-1|V|V||V=56
|If|1|1-1|1-|B|V**|else_branch:5!,then_branch:5!|V=25,B=7
|If|11|1-1|1-|B|V**|else_branch:5!,then_branch:5!|V=25,B=7
|If|13|1-1|1-|B|V**|else_branch:5!,then_branch:5!|V=57,B=7
|If|16|1-1|1-|B|V**|else_branch:5!,then_branch:5!|V=58,B=7
|If|19|1-1|1-|B|V**|else_branch:5!,then_branch:5!|V=59,B=7
|If|21|1-1|1-|B|V**|else_branch:5!,then_branch:5!|V=60,B=7
|If|23|1-1|1-|B|V**|else_branch:5!,then_branch:5!|V=61,B=7
|If|24|1-1|1-|B|V**|else_branch:5!,then_branch:5!|V=62,B=7
|If|25|1-1|1-|B|V**|else_branch:5!,then_branch:5!|V=63,B=7
|ImageDecoder|20|1-1|1-1|T1|T2|pixel_format:3|T1=48,T2=48
|InstanceNormalization|1|3-3|1-1|T,T,T|T|consumed_inputs:7,epsilon:1|T=0
|InstanceNormalization|6|3-3|1-1|T,T,T|T|epsilon:1|T=0
|InstanceNormalization|22|3-3|1-1|T,T,T|T|epsilon:1|T=3
|IsInf|10|1-1|1-1|T1|T2|detect_negative:2,detect_positive:2|T1=64,T2=7
|IsInf|20|1-1|1-1|T1|T2|detect_negative:2,detect_positive:2|T1=47,T2=7
|IsNaN|9|1-1|1-1|T1|T2||T1=0,T2=7
|IsNaN|13|1-1|1-1|T1|T2||T1=3,T2=7
|IsNaN|20|1-1|1-1|T1|T2||T1=47,T2=7
|LRN|1|1-1|1-1|T|T|alpha:1,beta:1,bias:1,size:2!|T=0
|LRN|13|1-1|1-1|T|T|alpha:1,beta:1,bias:1,size:2!|T=3
|LSTM|1|3-8|0-3|T,T,T,T,T1,T,T,T|T,T,T|activation_alpha:6,activation_beta:6,activations:8,clip:1,direction:3,hidden_size:2,input_forget:2,output_sequence:2|T=0,T1=38
|LSTM|7|3-8|0-3|T,T,T,T,T1,T,T,T|T,T,T|activation_alpha:6,activation_beta:6,activations:8,clip:1,direction:3,hidden_size:2,input_forget:2|T=0,T1=38
|LSTM|14|3-8|0-3|T,T,T,T,T1,T,T,T|T,T,T|activation_alpha:6,activation_beta:6,activations:8,clip:1,direction:3,hidden_size:2,input_forget:2,layout:2|T=0,T1=38
|LSTM|22|3-8|0-3|T,T,T,T,T1,T,T,T|T,T,T|activation_alpha:6,activation_beta:6,activations:8,clip:1,direction:3,hidden_size:2,input_forget:2,layout:2|T=3,T1=38
|LayerNormalization|17|2-3|1-3|T,T,T|T,U,U|axis:2,epsilon:1,stash_type:2|T=3,U=65
|LeakyRelu|1|1-1|1-1|T|T|alpha:1,consumed_inputs:7|T=0
|LeakyRelu|6|1-1|1-1|T|T|alpha:1|T=0
|LeakyRelu|16|1-1|1-1|T|T|alpha:1|T=3
|Less|1|2-2|1-1|T,T|T1|axis:2,broadcast:2|T=0,T1=7
|Less|7|2-2|1-1|T,T|T1||T=0,T1=7
|Less|9|2-2|1-1|T,T|T1||T=1,T1=7
|Less|13|2-2|1-1|T,T|T1||T=2,T1=7
|LessOrEqual|12|2-2|1-1|T,T|T1||T=1,T1=7
|LessOrEqual|16|2-2|1-1|T,T|T1||T=2,T1=7
|LinearAttention|27|3-6|2-2|T,T,T,S,T,T|T,S|chunk_size:2,kv_num_heads:2!,q_num_heads:2!,scale:1,update_rule:3|T=22,S=22
|Log|1|1-1|1-1|T|T|consumed_inputs:7|T=0
|Log|6|1-1|1-1|T|T||T=0
|Log|13|1-1|1-1|T|T||T=3
|LogSoftmax|1|1-1|1-1|T|T|axis:2|T=0
|LogSoftmax|11|1-1|1-1|T|T|axis:2|T=0
|LogSoftmax|13|1-1|1-1|T|T|axis:2|T=3
|Loop|1|3-|1-|I,B,V**|V**|body:5!|V=25,I=6,B=7
|Loop|11|2-|1-|I,B,V**|V**|body:5!|V=25,I=6,B=7
|Loop|13|2-|1-|I,B,V**|V**|body:5!|V=57,I=6,B=7
|Loop|16|2-|1-|I,B,V**|V**|body:5!|V=58,I=6,B=7
|Loop|19|2-|1-|I,B,V**|V**|body:5!|V=59,I=6,B=7
|Loop|21|2-|1-|I,B,V**|V**|body:5!|V=60,I=6,B=7
|Loop|23|2-|1-|I,B,V**|V**|body:5!|V=61,I=6,B=7
|Loop|24|2-|1-|I,B,V**|V**|body:5!|V=62,I=6,B=7
|Loop|25|2-|1-|I,B,V**|V**|body:5!|V=63,I=6,B=7
|LpNormalization|1|1-1|1-1|T|T|axis:2,p:2|T=0
|LpNormalization|22|1-1|1-1|T|T|axis:2,p:2|T=3
|LpPool|1|1-1|1-1|T|T|auto_pad:3,kernel_shape:7,p:1,pads:7,strides:7|T=0
|LpPool|2|1-1|1-1|T|T|auto_pad:3,kernel_shape:7!,p:2,pads:7,strides:7|T=0
|LpPool|11|1-1|1-1|T|T|auto_pad:3,kernel_shape:7!,p:2,pads:7,strides:7|T=0
|LpPool|18|1-1|1-1|T|T|auto_pad:3,ceil_mode:2,dilations:7,kernel_shape:7!,p:2,pads:7,strides:7|T=0
|LpPool|22|1-1|1-1|T|T|auto_pad:3,ceil_mode:2,dilations:7,kernel_shape:7!,p:2,pads:7,strides:7|T=3
|MatMul|1|2-2|1-1|T,T|T||T=0
|MatMul|9|2-2|1-1|T,T|T||T=4
|MatMul|13|2-2|1-1|T,T|T||T=5
|MatMulInteger|10|2-4|1-1|T1,T2,T1,T2|T3||T1=37,T2=37,T3=38
|Max|1|1-|1-1|T*|T|consumed_inputs:7|T=0
|Max|6|1-|1-1|T*|T||T=0
|Max|8|1-|1-1|T*|T||T=0
|Max|12|1-|1-1|T*|T||T=1
|Max|13|1-|1-1|T*|T||T=2
|MaxPool|1|1-1|1-1|T|T|auto_pad:3,kernel_shape:7!,pads:7,strides:7|T=0
|MaxPool|8|1-1|1-2|T|T,I|auto_pad:3,kernel_shape:7!,pads:7,storage_order:2,strides:7|T=0,I=6
|MaxPool|10|1-1|1-2|T|T,I|auto_pad:3,ceil_mode:2,dilations:7,kernel_shape:7!,pads:7,storage_order:2,strides:7|T=0,I=6
|MaxPool|11|1-1|1-2|T|T,I|auto_pad:3,ceil_mode:2,dilations:7,kernel_shape:7!,pads:7,storage_order:2,strides:7|T=0,I=6
|MaxPool|12|1-1|1-2|T|T,I|auto_pad:3,ceil_mode:2,dilations:7,kernel_shape:7!,pads:7,storage_order:2,strides:7|T=66,I=6
|MaxPool|22|1-1|1-2|T|T,I|auto_pad:3,ceil_mode:2,dilations:7,kernel_shape:7!,pads:7,storage_order:2,strides:7|T=67,I=6
|MaxRoiPool|1|2-2|1-1|T,T|T|pooled_shape:7!,spatial_scale:1|T=0
|MaxRoiPool|22|2-2|1-1|T,T|T|pooled_shape:7!,spatial_scale:1|T=3
|MaxUnpool|9|2-3|1-1|T1,T2,T2|T1|kernel_shape:7!,pads:7,strides:7|T1=0,T2=6
|MaxUnpool|11|2-3|1-1|T1,T2,T2|T1|kernel_shape:7!,pads:7,strides:7|T1=0,T2=6
|MaxUnpool|22|2-3|1-1|T1,T2,T2|T1|kernel_shape:7!,pads:7,strides:7|T1=3,T2=6
|Mean|1|1-|1-1|T*|T|consumed_inputs:7|T=0
|Mean|6|1-|1-1|T*|T||T=0
|Mean|8|1-|1-1|T*|T||T=0
|Mean|13|1-|1-1|T*|T||T=3
|MeanVarianceNormalization|9|1-1|1-1|T|T|axes:7|T=0
|MeanVarianceNormalization|13|1-1|1-1|T|T|axes:7|T=3
|MelWeightMatrix|17|5-5|1-1|T1,T1,T1,T2,T2|T3|output_datatype:2|T1=12,T2=3,T3=2
|Min|1|1-|1-1|T*|T|consumed_inputs:7|T=0
|Min|6|1-|1-1|T*|T||T=0
|Min|8|1-|1-1|T*|T||T=0
|Min|12|1-|1-1|T*|T||T=1
|Min|13|1-|1-1|T*|T||T=2
|Mish|18|1-1|1-1|T|T||T=0
|Mish|22|1-1|1-1|T|T||T=3
|Mod|10|2-2|1-1|T,T|T|fmod:2|T=1
|Mod|13|2-2|1-1|T,T|T|fmod:2|T=2
|Mod|28|2-2|1-1|T,T|T|fmod:2|T=2
|Mul|1|2-2|1-1|T,T|T|axis:2,broadcast:2,consumed_inputs:7|T=0
|Mul|6|2-2|1-1|T,T|T|axis:2,broadcast:2|T=4
|Mul|7|2-2|1-1|T,T|T||T=4
|Mul|13|2-2|1-1|T,T|T||T=5
|Mul|14|2-2|1-1|T,T|T||T=2
|Multinomial|7|1-1|1-1|T1|T2|dtype:2,sample_size:2,seed:1|T1=0,T2=12
|Multinomial|22|1-1|1-1|T1|T2|dtype:2,sample_size:2,seed:1|T1=3,T2=12
|Neg|1|1-1|1-1|T|T|consumed_inputs:7|T=0
|Neg|6|1-1|1-1|T|T||T=68
|Neg|13|1-1|1-1|T|T||T=69
|NegativeLogLikelihoodLoss|12|2-3|1-1|T,Tind,T|T|ignore_index:2,reduction:3|T=0,Tind=12
|NegativeLogLikelihoodLoss|13|2-3|1-1|T,Tind,T|T|ignore_index:2,reduction:3|T=0,Tind=12
|NegativeLogLikelihoodLoss|22|2-3|1-1|T,Tind,T|T|ignore_index:2,reduction:3|T=3,Tind=12
|NonMaxSuppression|10|2-5|1-1|#23,#23,#6,#23,#23|#6|center_point_box:2|
|NonMaxSuppression|11|2-5|1-1|#23,#23,#6,#23,#23|#6|center_point_box:2|
|NonZero|9|1-1|1-1|T|#6||T=25
|NonZero|13|1-1|1-1|T|#6||T=24
|Not|1|1-1|1-1|T|T||T=7
|OneHot|9|3-3|1-1|T1,T2,T3|T3|axis:2|T1=1,T2=1,T3=25
|OneHot|11|3-3|1-1|T1,T2,T3|T3|axis:2|T1=1,T2=1,T3=25
|OneHot|28|3-3|1-1|T1,T2,T3|T3|axis:2|T1=1,T2=1,T3=24
|Optional|15|0-1|1-1|V|O|type:13|V=57,O=70
|Optional|28|0-1|1-1|V|O|type:13|V=71,O=72
|OptionalGetElement|15|1-1|1-1|O|V||O=70,V=57
|OptionalGetElement|18|1-1|1-1|O|V||O=73,V=57
|OptionalGetElement|28|1-1|1-1|O|V||O=74,V=71
|OptionalHasElement|15|1-1|1-1|O|B||O=70,B=7
|OptionalHasElement|18|0-1|1-1|O|B||O=73,B=7
|OptionalHasElement|28|0-1|1-1|O|B||O=74,B=7
|Or|1|2-2|1-1|T,T|T1|axis:2,broadcast:2|T=7,T1=7
|Or|7|2-2|1-1|T,T|T1||T=7,T1=7
|PRelu|1|2-2|1-1|T,T|T|consumed_inputs:7|T=0
|PRelu|6|2-2|1-1|T,T|T||T=0
|PRelu|7|2-2|1-1|T,T|T||T=0
|PRelu|9|2-2|1-1|T,T|T||T=4
|PRelu|16|2-2|1-1|T,T|T||T=5
|Pad|1|1-1|1-1|T|T|mode:3,paddings:7!,value:1|T=0
|Pad|2|1-1|1-1|T|T|mode:3,pads:7!,value:1|T=0
|Pad|11|2-3|1-1|T,#6,T|T|mode:3|T=1
|Pad|13|2-3|1-1|T,#6,T|T|mode:3|T=24
|Pad|18|2-4|1-1|T,#6,T,Tind|T|mode:3|T=24,Tind=12
|Pad|19|2-4|1-1|T,#6,T,Tind|T|mode:3|T=24,Tind=12
|Pad|21|2-4|1-1|T,#6,T,Tind|T|mode:3|T=28,Tind=12
|Pad|23|2-4|1-1|T,#6,T,Tind|T|mode:3|T=29,Tind=12
|Pad|24|2-4|1-1|T,#6,T,Tind|T|mode:3|T=30,Tind=12
|Pad|25|2-4|1-1|T,#6,T,Tind|T|mode:3|T=31,Tind=12
|Pow|1|2-2|1-1|T,T|T|axis:2,broadcast:2|T=0
|Pow|7|2-2|1-1|T,T|T||T=0
|Pow|12|2-2|1-1|T,T1|T||T=75,T1=1
|Pow|13|2-2|1-1|T,T1|T||T=76,T1=1
|Pow|15|2-2|1-1|T,T1|T||T=76,T1=2
|QLinearConv|10|8-9|1-1|T1,#23,T1,T2,#23,T2,#23,T3,T4|T3|auto_pad:3,dilations:7,group:2,kernel_shape:7,pads:7,strides:7|T1=37,T2=37,T3=37,T4=38
|QLinearMatMul|10|8-8|1-1|T1,#23,T1,T2,#23,T2,#23,T3|T3||T1=37,T2=37,T3=37
|QLinearMatMul|21|8-8|1-1|T1,TS,T1,T2,TS,T2,TS,T3|T3||TS=22,T1=77,T2=77,T3=77
|QuantizeLinear|10|2-3|1-1|T1,#23,T2|T2||T1=78,T2=37
|QuantizeLinear|13|2-3|1-1|T1,#23,T2|T2|axis:2|T1=78,T2=37
|QuantizeLinear|19|2-3|1-1|T1,T1,T2|T2|axis:2,saturate:2|T1=79,T2=77
|QuantizeLinear|21|2-3|1-1|T1,T1,T2|T2|axis:2,block_size:2,output_dtype:2,saturate:2|T1=79,T2=80
|QuantizeLinear|23|2-3|1-1|T1,T2,T3|T3|axis:2,block_size:2,output_dtype:2,precision:2,saturate:2|T1=79,T2=79,T3=81
|QuantizeLinear|24|2-3|1-1|T1,T2,T3|T3|axis:2,block_size:2,output_dtype:2,precision:2,saturate:2|T1=79,T2=82,T3=81
|QuantizeLinear|25|2-3|1-1|T1,T2,T3|T3|axis:2,block_size:2,output_dtype:2,precision:2,saturate:2|T1=79,T2=82,T3=83
|QuantizeLinear|28|2-3|1-1|T1,T2,T3|T3|axis:2,block_size:2,output_dtype:2,precision:2,saturate:2|T1=79,T2=82,T3=84
|RMSNormalization|23|2-2|1-1|T,V|V|axis:2,epsilon:1,stash_type:2|T=3,V=3
|RNN|1|3-6|0-2|T,T,T,T,T1,T|T,T|activation_alpha:6,activation_beta:6,activations:8,clip:1,direction:3,hidden_size:2,output_sequence:2|T=0,T1=38
|RNN|7|3-6|0-2|T,T,T,T,T1,T|T,T|activation_alpha:6,activation_beta:6,activations:8,clip:1,direction:3,hidden_size:2|T=0,T1=38
|RNN|14|3-6|0-2|T,T,T,T,T1,T|T,T|activation_alpha:6,activation_beta:6,activations:8,clip:1,direction:3,hidden_size:2,layout:2|T=0,T1=38
|RNN|22|3-6|0-2|T,T,T,T,T1,T|T,T|activation_alpha:6,activation_beta:6,activations:8,clip:1,direction:3,hidden_size:2,layout:2|T=3,T1=38
|RandomNormal|1|0-0|1-1||T|dtype:2,mean:1,scale:1,seed:1,shape:7!|T=0
|RandomNormal|22|0-0|1-1||T|dtype:2,mean:1,scale:1,seed:1,shape:7!|T=3
|RandomNormalLike|1|1-1|1-1|T1|T2|dtype:2,mean:1,scale:1,seed:1|T1=25,T2=0
|RandomNormalLike|22|1-1|1-1|T1|T2|dtype:2,mean:1,scale:1,seed:1|T1=24,T2=3
|RandomUniform|1|0-0|1-1||T|dtype:2,high:1,low:1,seed:1,shape:7!|T=0
|RandomUniform|22|0-0|1-1||T|dtype:2,high:1,low:1,seed:1,shape:7!|T=3
|RandomUniformLike|1|1-1|1-1|T1|T2|dtype:2,high:1,low:1,seed:1|T1=25,T2=0
|RandomUniformLike|22|1-1|1-1|T1|T2|dtype:2,high:1,low:1,seed:1|T1=24,T2=3
|Range|11|3-3|1-1|T,T,T|T||T=85
|Range|27|3-3|1-1|T,T,T|T|stash_type:2|T=86
|Reciprocal|1|1-1|1-1|T|T|consumed_inputs:7|T=0
|Reciprocal|6|1-1|1-1|T|T||T=0
|Reciprocal|13|1-1|1-1|T|T||T=3
|ReduceL1|1|1-1|1-1|T|T|axes:7,keepdims:2|T=4
|ReduceL1|11|1-1|1-1|T|T|axes:7,keepdims:2|T=4
|ReduceL1|13|1-1|1-1|T|T|axes:7,keepdims:2|T=5
|ReduceL1|18|1-2|1-1|T,#6|T|keepdims:2,noop_with_empty_axes:2|T=5
|ReduceL2|1|1-1|1-1|T|T|axes:7,keepdims:2|T=4
|ReduceL2|11|1-1|1-1|T|T|axes:7,keepdims:2|T=4
|ReduceL2|13|1-1|1-1|T|T|axes:7,keepdims:2|T=5
|ReduceL2|18|1-2|1-1|T,#6|T|keepdims:2,noop_with_empty_axes:2|T=5
|ReduceLogSum|1|1-1|1-1|T|T|axes:7,keepdims:2|T=4
|ReduceLogSum|11|1-1|1-1|T|T|axes:7,keepdims:2|T=4
|ReduceLogSum|13|1-1|1-1|T|T|axes:7,keepdims:2|T=5
|ReduceLogSum|18|1-2|1-1|T,#6|T|keepdims:2,noop_with_empty_axes:2|T=5
|ReduceLogSum|28|1-2|1-1|T,#6|T|keepdims:2,noop_with_empty_axes:2|T=3
|ReduceLogSumExp|1|1-1|1-1|T|T|axes:7,keepdims:2|T=4
|ReduceLogSumExp|11|1-1|1-1|T|T|axes:7,keepdims:2|T=4
|ReduceLogSumExp|13|1-1|1-1|T|T|axes:7,keepdims:2|T=5
|ReduceLogSumExp|18|1-2|1-1|T,#6|T|keepdims:2,noop_with_empty_axes:2|T=5
|ReduceLogSumExp|28|1-2|1-1|T,#6|T|keepdims:2,noop_with_empty_axes:2|T=3
|ReduceMax|1|1-1|1-1|T|T|axes:7,keepdims:2|T=4
|ReduceMax|11|1-1|1-1|T|T|axes:7,keepdims:2|T=4
|ReduceMax|12|1-1|1-1|T|T|axes:7,keepdims:2|T=87
|ReduceMax|13|1-1|1-1|T|T|axes:7,keepdims:2|T=88
|ReduceMax|18|1-2|1-1|T,#6|T|keepdims:2,noop_with_empty_axes:2|T=88
|ReduceMax|20|1-2|1-1|T,#6|T|keepdims:2,noop_with_empty_axes:2|T=89
|ReduceMean|1|1-1|1-1|T|T|axes:7,keepdims:2|T=4
|ReduceMean|11|1-1|1-1|T|T|axes:7,keepdims:2|T=4
|ReduceMean|13|1-1|1-1|T|T|axes:7,keepdims:2|T=5
|ReduceMean|18|1-2|1-1|T,#6|T|keepdims:2,noop_with_empty_axes:2|T=5
|ReduceMin|1|1-1|1-1|T|T|axes:7,keepdims:2|T=4
|ReduceMin|11|1-1|1-1|T|T|axes:7,keepdims:2|T=4
|ReduceMin|12|1-1|1-1|T|T|axes:7,keepdims:2|T=87
|ReduceMin|13|1-1|1-1|T|T|axes:7,keepdims:2|T=88
|ReduceMin|18|1-2|1-1|T,#6|T|keepdims:2,noop_with_empty_axes:2|T=88
|ReduceMin|20|1-2|1-1|T,#6|T|keepdims:2,noop_with_empty_axes:2|T=89
|ReduceProd|1|1-1|1-1|T|T|axes:7,keepdims:2|T=4
|ReduceProd|11|1-1|1-1|T|T|axes:7,keepdims:2|T=4
|ReduceProd|13|1-1|1-1|T|T|axes:7,keepdims:2|T=5
|ReduceProd|18|1-2|1-1|T,#6|T|keepdims:2,noop_with_empty_axes:2|T=5
|ReduceSum|1|1-1|1-1|T|T|axes:7,keepdims:2|T=4
|ReduceSum|11|1-1|1-1|T|T|axes:7,keepdims:2|T=4
|ReduceSum|13|1-2|1-1|T,#6|T|keepdims:2,noop_with_empty_axes:2|T=5
|ReduceSumSquare|1|1-1|1-1|T|T|axes:7,keepdims:2|T=4
|ReduceSumSquare|11|1-1|1-1|T|T|axes:7,keepdims:2|T=4
|ReduceSumSquare|13|1-1|1-1|T|T|axes:7,keepdims:2|T=5
|ReduceSumSquare|18|1-2|1-1|T,#6|T|keepdims:2,noop_with_empty_axes:2|T=5
|RegexFullMatch|20|1-1|1-1|T1|T2|pattern:3|T1=90,T2=7
|Relu|1|1-1|1-1|T|T|consumed_inputs:7|T=0
|Relu|6|1-1|1-1|T|T||T=0
|Relu|13|1-1|1-1|T|T||T=3
|Relu|14|1-1|1-1|T|T||T=69
|Reshape|1|1-1|1-1|T|T|consumed_inputs:7,shape:7|T=0
|Reshape|5|2-2|1-1|T,#6|T||T=25
|Reshape|13|2-2|1-1|T,#6|T||T=24
|Reshape|14|2-2|1-1|T,#6|T|allowzero:2|T=24
|Reshape|19|2-2|1-1|T,#6|T|allowzero:2|T=27
|Reshape|21|2-2|1-1|T,#6|T|allowzero:2|T=28
|Reshape|23|2-2|1-1|T,#6|T|allowzero:2|T=29
|Reshape|24|2-2|1-1|T,#6|T|allowzero:2|T=30
|Reshape|25|2-2|1-1|T,#6|T|allowzero:2|T=31
|Resize|10|2-2|1-1|T,#23|T|mode:3|T=25
|Resize|11|3-4|1-1|T1,T2,#23,#6|T1|coordinate_transformation_mode:3,cubic_coeff_a:1,exclude_outside:2,extrapolation_value:1,mode:3,nearest_mode:3|T1=25,T2=0
|Resize|13|1-4|1-1|T1,T2,#23,#6|T1|coordinate_transformation_mode:3,cubic_coeff_a:1,exclude_outside:2,extrapolation_value:1,mode:3,nearest_mode:3|T1=24,T2=0
|Resize|18|1-4|1-1|T1,T2,#23,#6|T1|antialias:2,axes:7,coordinate_transformation_mode:3,cubic_coeff_a:1,exclude_outside:2,extrapolation_value:1,keep_aspect_ratio_policy:3,mode:3,nearest_mode:3|T1=24,T2=0
|Resize|19|1-4|1-1|T1,T2,#23,#6|T1|antialias:2,axes:7,coordinate_transformation_mode:3,cubic_coeff_a:1,exclude_outside:2,extrapolation_value:1,keep_aspect_ratio_policy:3,mode:3,nearest_mode:3|T1=24,T2=0
|ReverseSequence|10|2-2|1-1|T,#6|T|batch_axis:2,time_axis:2|T=25
|ReverseSequence|28|2-2|1-1|T,#6|T|batch_axis:2,time_axis:2|T=24
|RoiAlign|10|3-3|1-1|T1,T1,T2|T1|mode:3,output_height:2,output_width:2,sampling_ratio:2,spatial_scale:1|T1=0,T2=6
|RoiAlign|16|3-3|1-1|T1,T1,T2|T1|coordinate_transformation_mode:3,mode:3,output_height:2,output_width:2,sampling_ratio:2,spatial_scale:1|T1=0,T2=6
|RoiAlign|22|3-3|1-1|T1,T1,T2|T1|coordinate_transformation_mode:3,mode:3,output_height:2,output_width:2,sampling_ratio:2,spatial_scale:1|T1=3,T2=6
|RotaryEmbedding|23|3-4|1-1|T,T,T,M|T|interleaved:2,num_heads:2,rotary_embedding_dim:2|T=22,M=6
|Round|11|1-1|1-1|T|T||T=0
|Round|22|1-1|1-1|T|T||T=3
|STFT|17|2-4|1-1|T1,T2,T1,T2|T1|onesided:2|T1=3,T2=12
|Scan|8|2-|1-|I,V**|V**|body:5!,directions:7,num_scan_inputs:2!|I=6,V=25
|Scan|9|1-|1-|V**|V**|body:5!,num_scan_inputs:2!,scan_input_axes:7,scan_input_directions:7,scan_output_axes:7,scan_output_directions:7|V=25
|Scan|11|1-|1-|V**|V**|body:5!,num_scan_inputs:2!,scan_input_axes:7,scan_input_directions:7,scan_output_axes:7,scan_output_directions:7|V=25
|Scan|16|1-|1-|V**|V**|body:5!,num_scan_inputs:2!,scan_input_axes:7,scan_input_directions:7,scan_output_axes:7,scan_output_directions:7|V=24
|Scan|19|1-|1-|V**|V**|body:5!,num_scan_inputs:2!,scan_input_axes:7,scan_input_directions:7,scan_output_axes:7,scan_output_directions:7|V=27
|Scan|21|1-|1-|V**|V**|body:5!,num_scan_inputs:2!,scan_input_axes:7,scan_input_directions:7,scan_output_axes:7,scan_output_directions:7|V=28
|Scan|23|1-|1-|V**|V**|body:5!,num_scan_inputs:2!,scan_input_axes:7,scan_input_directions:7,scan_output_axes:7,scan_output_directions:7|V=29
|Scan|24|1-|1-|V**|V**|body:5!,num_scan_inputs:2!,scan_input_axes:7,scan_input_directions:7,scan_output_axes:7,scan_output_directions:7|V=30
|Scan|25|1-|1-|V**|V**|body:5!,num_scan_inputs:2!,scan_input_axes:7,scan_input_directions:7,scan_output_axes:7,scan_output_directions:7|V=31
|Scatter|9|3-3|1-1|T,Tind,T|T|axis:2|T=25,Tind=12
|Scatter|11x|3-3|1-1|T,Tind,T|T|axis:2|T=25,Tind=12
|ScatterElements|11|3-3|1-1|T,Tind,T|T|axis:2|T=25,Tind=12
|ScatterElements|13|3-3|1-1|T,Tind,T|T|axis:2|T=24,Tind=12
|ScatterElements|16|3-3|1-1|T,Tind,T|T|axis:2,reduction:3|T=24,Tind=12
|ScatterElements|18|3-3|1-1|T,Tind,T|T|axis:2,reduction:3|T=24,Tind=12
|ScatterND|11|3-3|1-1|T,#6,T|T||T=25
|ScatterND|13|3-3|1-1|T,#6,T|T||T=24
|ScatterND|16|3-3|1-1|T,#6,T|T|reduction:3|T=24
|ScatterND|18|3-3|1-1|T,#6,T|T|reduction:3|T=24
|Selu|1|1-1|1-1|T|T|alpha:1,consumed_inputs:7,gamma:1|T=0
|Selu|6|1-1|1-1|T|T|alpha:1,gamma:1|T=0
|Selu|22|1-1|1-1|T|T|alpha:1,gamma:1|T=3
|SequenceAt|11|2-2|1-1|S,I|T||S=26,T=25,I=12
|SequenceConstruct|11|1-|1-1|T*|S||T=25,S=26
|SequenceEmpty|11|0-0|1-1||S|dtype:2|S=26
|SequenceErase|11|1-2|1-1|S,I|S||S=26,I=12
|SequenceInsert|11|2-3|1-1|S,T,I|S||T=25,S=26,I=12
|SequenceLength|11|1-1|1-1|S|I||S=26,I=6
|SequenceMap|17|1-|1-|S,V**|S**|body:5!|S=26,V=57
|Shape|1|1-1|1-1|T|T1||T=25,T1=6
|Shape|13|1-1|1-1|T|T1||T=24,T1=6
|Shape|15|1-1|1-1|T|T1|end:2,start:2|T=24,T1=6
|Shape|19|1-1|1-1|T|T1|end:2,start:2|T=27,T1=6
|Shape|21|1-1|1-1|T|T1|end:2,start:2|T=28,T1=6
|Shape|23|1-1|1-1|T|T1|end:2,start:2|T=29,T1=6
|Shape|24|1-1|1-1|T|T1|end:2,start:2|T=30,T1=6
|Shape|25|1-1|1-1|T|T1|end:2,start:2|T=31,T1=6
|Shrink|9|1-1|1-1|T|T|bias:1,lambd:1|T=1
|Sigmoid|1|1-1|1-1|T|T|consumed_inputs:7|T=0
|Sigmoid|6|1-1|1-1|T|T||T=0
|Sigmoid|13|1-1|1-1|T|T||T=3
|Sign|9|1-1|1-1|T|T||T=1
|Sign|13|1-1|1-1|T|T||T=2
|Sin|7|1-1|1-1|T|T||T=0
|Sin|22|1-1|1-1|T|T||T=3
|Sinh|9|1-1|1-1|T|T||T=0
|Sinh|22|1-1|1-1|T|T||T=3
|Size|1|1-1|1-1|T|T1||T=25,T1=6
|Size|13|1-1|1-1|T|T1||T=24,T1=6
|Size|19|1-1|1-1|T|T1||T=27,T1=6
|Size|21|1-1|1-1|T|T1||T=28,T1=6
|Size|23|1-1|1-1|T|T1||T=29,T1=6
|Size|24|1-1|1-1|T|T1||T=30,T1=6
|Size|25|1-1|1-1|T|T1||T=31,T1=6
|Slice|1|1-1|1-1|T|T|axes:7,ends:7!,starts:7!|T=25
|Slice|10|3-5|1-1|T,Tind,Tind,Tind,Tind|T||T=25,Tind=12
|Slice|11|3-5|1-1|T,Tind,Tind,Tind,Tind|T||T=25,Tind=12
|Slice|13|3-5|1-1|T,Tind,Tind,Tind,Tind|T||T=24,Tind=12
|Softmax|1|1-1|1-1|T|T|axis:2|T=0
|Softmax|11|1-1|1-1|T|T|axis:2|T=0
|Softmax|13|1-1|1-1|T|T|axis:2|T=3
|SoftmaxCrossEntropyLoss|12|2-3|1-2|T,Tind,T|T,T|ignore_index:2,reduction:3|T=0,Tind=12
|SoftmaxCrossEntropyLoss|13|2-3|1-2|T,Tind,T|T,T|ignore_index:2,reduction:3|T=3,Tind=12
|Softplus|1|1-1|1-1|T|T||T=0
|Softplus|22|1-1|1-1|T|T||T=3
|Softsign|1|1-1|1-1|T|T||T=0
|Softsign|22|1-1|1-1|T|T||T=3
|SpaceToDepth|1|1-1|1-1|T|T|blocksize:2!|T=25
|SpaceToDepth|13|1-1|1-1|T|T|blocksize:2!|T=24
|SpaceToDepth|28|1-1|1-1|T|T|blocksize:2!,mode:3|T=24
|Split|1|1-2|1-|T,T|T*|axis:2,split:7|T=0
|Split|2|1-1|1-|T|T*|axis:2,split:7|T=25
|Split|11|1-1|1-|T|T*|axis:2,split:7|T=25
|Split|13|1-2|1-|T,#6|T*|axis:2|T=24
|Split|18|1-2|1-|T,#6|T*|axis:2,num_outputs:2|T=24
|SplitToSequence|11|1-2|1-1|T,I|S|axis:2,keepdims:2|T=25,I=12,S=26
|SplitToSequence|24|1-2|1-1|T,I|S|axis:2,keepdims:2|T=24,I=12,S=91
|Sqrt|1|1-1|1-1|T|T|consumed_inputs:7|T=0
|Sqrt|6|1-1|1-1|T|T||T=0
|Sqrt|13|1-1|1-1|T|T||T=3
|Squeeze|1|1-1|1-1|T|T|axes:7|T=25
|Squeeze|11|1-1|1-1|T|T|axes:7|T=25
|Squeeze|13|1-2|1-1|T,#6|T||T=24
|Squeeze|21|1-2|1-1|T,#6|T||T=28
|Squeeze|23|1-2|1-1|T,#6|T||T=29
|Squeeze|24|1-2|1-1|T,#6|T||T=30
|Squeeze|25|1-2|1-1|T,#6|T||T=31
|StringConcat|20|2-2|1-1|T,T|T||T=90
|StringNormalizer|10|1-1|1-1|#90|#90|case_change_action:3,is_case_sensitive:2,locale:3,stopwords:8|
|StringSplit|20|1-1|2-2|T1|T2,T3|delimiter:3,maxsplit:2|T1=90,T2=90,T3=6
|Sub|1|2-2|1-1|T,T|T|axis:2,broadcast:2,consumed_inputs:7|T=0
|Sub|6|2-2|1-1|T,T|T|axis:2,broadcast:2|T=4
|Sub|7|2-2|1-1|T,T|T||T=4
|Sub|13|2-2|1-1|T,T|T||T=5
|Sub|14|2-2|1-1|T,T|T||T=2
|Sum|1|1-|1-1|T*|T|consumed_inputs:7|T=0
|Sum|6|1-|1-1|T*|T||T=0
|Sum|8|1-|1-1|T*|T||T=0
|Sum|13|1-|1-1|T*|T||T=3
|SwiGLU|28|2-2|1-1|T,T|T|alpha:1|T=3
|Swish|24|1-1|1-1|T|T|alpha:1|T=3
|Tan|7|1-1|1-1|T|T||T=0
|Tan|22|1-1|1-1|T|T||T=3
|Tanh|1|1-1|1-1|T|T|consumed_inputs:7|T=0
|Tanh|6|1-1|1-1|T|T||T=0
|Tanh|13|1-1|1-1|T|T||T=3
|TensorScatter|24|2-3|1-1|T,T,#6|T|axis:2,mode:3|T=30
|TfIdfVectorizer|9|1-1|1-1|T|T1|max_gram_length:2!,max_skip_count:2!,min_gram_length:2!,mode:3!,ngram_counts:7!,ngram_indexes:7!,pool_int64s:7,pool_strings:8,weights:6|T=92,T1=23
|ThresholdedRelu|10|1-1|1-1|T|T|alpha:1|T=0
|ThresholdedRelu|22|1-1|1-1|T|T|alpha:1|T=3
|Tile|1|3-3|1-1|T,T,T|T||T=0,T1=6
|Tile|6|2-2|1-1|T,T1|T||T=25,T1=6
|Tile|13|2-2|1-1|T,T1|T||T=24,T1=6
|TopK|1|1-1|2-2|T|T,I|axis:2,k:2!|T=0,I=6
|TopK|10|2-2|2-2|T,#6|T,I|axis:2|T=0,I=6
|TopK|11|2-2|2-2|T,#6|T,I|axis:2,largest:2,sorted:2|T=1,I=6
|TopK|24|2-2|2-2|T,#6|T,I|axis:2,largest:2,sorted:2|T=2,I=6
|Transpose|1|1-1|1-1|T|T|perm:7|T=25
|Transpose|13|1-1|1-1|T|T|perm:7|T=24
|Transpose|21|1-1|1-1|T|T|perm:7|T=28
|Transpose|23|1-1|1-1|T|T|perm:7|T=29
|Transpose|24|1-1|1-1|T|T|perm:7|T=30
|Transpose|25|1-1|1-1|T|T|perm:7|T=31
|Trilu|14|1-2|1-1|T,#6|T|upper:2|T=24
|Unique|11|1-1|1-4|T|T,#6,#6,#6|axis:2,sorted:2|T=25
|Unique|28|1-1|1-4|T|T,#6,#6,#6|axis:2,sorted:2|T=24
|Unsqueeze|1|1-1|1-1|T|T|axes:7!|T=25
|Unsqueeze|11|1-1|1-1|T|T|axes:7!|T=25
|Unsqueeze|13|2-2|1-1|T,#6|T||T=24
|Unsqueeze|21|2-2|1-1|T,#6|T||T=28
|Unsqueeze|23|2-2|1-1|T,#6|T||T=29
|Unsqueeze|24|2-2|1-1|T,#6|T||T=30
|Unsqueeze|25|2-2|1-1|T,#6|T||T=31
|Upsample|1|1-1|1-1|T|T|height_scale:1!,mode:3,width_scale:1!|T=93
|Upsample|7|1-1|1-1|T|T|mode:3,scales:6!|T=25
|Upsample|9|2-2|1-1|T,#23|T|mode:3|T=25
|Upsample|10x|2-2|1-1|T,#23|T|mode:3|T=25
|Where|9|3-3|1-1|B,T,T|T||B=7,T=25
|Where|16|3-3|1-1|B,T,T|T||B=7,T=24
|Xor|1|2-2|1-1|T,T|T1|axis:2,broadcast:2|T=7,T1=7
|Xor|7|2-2|1-1|T,T|T1||T=7,T1=7
ai.onnx.ml|ArrayFeatureExtractor|1|2-2|1-1|T,#6|T||T=94
ai.onnx.ml|Binarizer|1|1-1|1-1|T|T|threshold:1|T=95
ai.onnx.ml|CastMap|1|1-1|1-1|T1|T2|cast_to:3,map_form:3,max_map:2|T1=96,T2=97
ai.onnx.ml|CategoryMapper|1|1-1|1-1|T1|T2|cats_int64s:7,cats_strings:8,default_int64:2,default_string:3|T1=98,T2=98
ai.onnx.ml|DictVectorizer|1|1-1|1-1|T1|T2|int64_vocabulary:7,string_vocabulary:8|T1=99,T2=100
ai.onnx.ml|FeatureVectorizer|1|1-|1-1|T1*|#23|inputdimensions:7|T1=95
ai.onnx.ml|Imputer|1|1-1|1-1|T|T|imputed_value_floats:6,imputed_value_int64s:7,replaced_value_float:1,replaced_value_int64:2|T=95
ai.onnx.ml|LabelEncoder|1|1-1|1-1|T1|T2|classes_strings:8,default_int64:2,default_string:3|T1=98,T2=98
ai.onnx.ml|LabelEncoder|2|1-1|1-1|T1|T2|default_float:1,default_int64:2,default_string:3,keys_floats:6,keys_int64s:7,keys_strings:8,values_floats:6,values_int64s:7,values_strings:8|T1=97,T2=97
ai.onnx.ml|LabelEncoder|4|1-1|1-1|T1|T2|default_float:1,default_int64:2,default_string:3,default_tensor:4,keys_floats:6,keys_int64s:7,keys_strings:8,keys_tensor:4,values_floats:6,values_int64s:7,values_strings:8,values_tensor:4|T1=101,T2=101
ai.onnx.ml|LinearClassifier|1|1-1|2-2|T1|T2,#23|classlabels_ints:7,classlabels_strings:8,coefficients:6!,intercepts:6,multi_class:2,post_transform:3|T1=95,T2=98
ai.onnx.ml|LinearRegressor|1|1-1|1-1|T|#23|coefficients:6,intercepts:6,post_transform:3,targets:2|T=95
ai.onnx.ml|Normalizer|1|1-1|1-1|T|#23|norm:3|T=95
ai.onnx.ml|OneHotEncoder|1|1-1|1-1|T|#23|cats_int64s:7,cats_strings:8,zeros:2|T=94
ai.onnx.ml|SVMClassifier|1|1-1|2-2|T1|T2,#23|classlabels_ints:7,classlabels_strings:8,coefficients:6,kernel_params:6,kernel_type:3,post_transform:3,prob_a:6,prob_b:6,rho:6,support_vectors:6,vectors_per_class:7|T1=95,T2=98
ai.onnx.ml|SVMRegressor|1|1-1|1-1|T|#23|coefficients:6,kernel_params:6,kernel_type:3,n_supports:2,one_class:2,post_transform:3,rho:6,support_vectors:6|T=95
ai.onnx.ml|Scaler|1|1-1|1-1|T|#23|offset:6,scale:6|T=95
ai.onnx.ml|TreeEnsemble|5|1-1|1-1|T|T|aggregate_function:2,leaf_targetids:7!,leaf_weights:4!,membership_values:4,n_targets:2,nodes_falseleafs:7!,nodes_falsenodeids:7!,nodes_featureids:7!,nodes_hitrates:4,nodes_missing_value_tracks_true:7,nodes_modes:4!,nodes_splits:4!,nodes_trueleafs:7!,nodes_truenodeids:7!,post_transform:2,tree_roots:7!|T=0
ai.onnx.ml|TreeEnsembleClassifier|1|1-1|2-2|T1|T2,#23|base_values:6,class_ids:7,class_nodeids:7,class_treeids:7,class_weights:6,classlabels_int64s:7,classlabels_strings:8,nodes_falsenodeids:7,nodes_featureids:7,nodes_hitrates:6,nodes_missing_value_tracks_true:7,nodes_modes:8,nodes_nodeids:7,nodes_treeids:7,nodes_truenodeids:7,nodes_values:6,post_transform:3|T1=95,T2=98
ai.onnx.ml|TreeEnsembleClassifier|3|1-1|2-2|T1|T2,#23|base_values:6,base_values_as_tensor:4,class_ids:7,class_nodeids:7,class_treeids:7,class_weights:6,class_weights_as_tensor:4,classlabels_int64s:7,classlabels_strings:8,nodes_falsenodeids:7,nodes_featureids:7,nodes_hitrates:6,nodes_hitrates_as_tensor:4,nodes_missing_value_tracks_true:7,nodes_modes:8,nodes_nodeids:7,nodes_treeids:7,nodes_truenodeids:7,nodes_values:6,nodes_values_as_tensor:4,post_transform:3|T1=95,T2=98
ai.onnx.ml|TreeEnsembleClassifier|5x|1-1|2-2|T1|T2,#23|base_values:6,base_values_as_tensor:4,class_ids:7,class_nodeids:7,class_treeids:7,class_weights:6,class_weights_as_tensor:4,classlabels_int64s:7,classlabels_strings:8,nodes_falsenodeids:7,nodes_featureids:7,nodes_hitrates:6,nodes_hitrates_as_tensor:4,nodes_missing_value_tracks_true:7,nodes_modes:8,nodes_nodeids:7,nodes_treeids:7,nodes_truenodeids:7,nodes_values:6,nodes_values_as_tensor:4,post_transform:3|T1=95,T2=98
ai.onnx.ml|TreeEnsembleRegressor|1|1-1|1-1|T|#23|aggregate_function:3,base_values:6,n_targets:2,nodes_falsenodeids:7,nodes_featureids:7,nodes_hitrates:6,nodes_missing_value_tracks_true:7,nodes_modes:8,nodes_nodeids:7,nodes_treeids:7,nodes_truenodeids:7,nodes_values:6,post_transform:3,target_ids:7,target_nodeids:7,target_treeids:7,target_weights:6|T=95
ai.onnx.ml|TreeEnsembleRegressor|3|1-1|1-1|T|#23|aggregate_function:3,base_values:6,base_values_as_tensor:4,n_targets:2,nodes_falsenodeids:7,nodes_featureids:7,nodes_hitrates:6,nodes_hitrates_as_tensor:4,nodes_missing_value_tracks_true:7,nodes_modes:8,nodes_nodeids:7,nodes_treeids:7,nodes_truenodeids:7,nodes_values:6,nodes_values_as_tensor:4,post_transform:3,target_ids:7,target_nodeids:7,target_treeids:7,target_weights:6,target_weights_as_tensor:4|T=95
ai.onnx.ml|TreeEnsembleRegressor|5x|1-1|1-1|T|#23|aggregate_function:3,base_values:6,base_values_as_tensor:4,n_targets:2,nodes_falsenodeids:7,nodes_featureids:7,nodes_hitrates:6,nodes_hitrates_as_tensor:4,nodes_missing_value_tracks_true:7,nodes_modes:8,nodes_nodeids:7,nodes_treeids:7,nodes_truenodeids:7,nodes_values:6,nodes_values_as_tensor:4,post_transform:3,target_ids:7,target_nodeids:7,target_treeids:7,target_weights:6,target_weights_as_tensor:4|T=95
ai.onnx.ml|ZipMap|1|1-1|1-1|#23|T|classlabels_int64s:7,classlabels_strings:8|T=102`
