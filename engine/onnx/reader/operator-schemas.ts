// Written by scripts/write-operator-schemas.py from the ONNX standard; change that.

/** The newest operator sets that are known here. */
export const newestOperatorSets = { '': 28, 'ai.onnx.ml': 5 } as const

/** Types, by their number in the sets. */
export const typeNames = `double)
float)
float))
int64)
map(int64,
map(string,
optional(seq(tensor(bfloat16)))
optional(seq(tensor(bool)))
optional(seq(tensor(complex128)))
optional(seq(tensor(complex64)))
optional(seq(tensor(double)))
optional(seq(tensor(float)))
optional(seq(tensor(float16)))
optional(seq(tensor(float4e2m1)))
optional(seq(tensor(float6e2m3)))
optional(seq(tensor(float6e3m2)))
optional(seq(tensor(float8e4m3fn)))
optional(seq(tensor(float8e4m3fnuz)))
optional(seq(tensor(float8e5m2)))
optional(seq(tensor(float8e5m2fnuz)))
optional(seq(tensor(float8e8m0)))
optional(seq(tensor(int16)))
optional(seq(tensor(int2)))
optional(seq(tensor(int32)))
optional(seq(tensor(int4)))
optional(seq(tensor(int64)))
optional(seq(tensor(int8)))
optional(seq(tensor(string)))
optional(seq(tensor(uint16)))
optional(seq(tensor(uint2)))
optional(seq(tensor(uint32)))
optional(seq(tensor(uint4)))
optional(seq(tensor(uint64)))
optional(seq(tensor(uint8)))
optional(tensor(bfloat16))
optional(tensor(bool))
optional(tensor(complex128))
optional(tensor(complex64))
optional(tensor(double))
optional(tensor(float))
optional(tensor(float16))
optional(tensor(float4e2m1))
optional(tensor(float6e2m3))
optional(tensor(float6e3m2))
optional(tensor(float8e4m3fn))
optional(tensor(float8e4m3fnuz))
optional(tensor(float8e5m2))
optional(tensor(float8e5m2fnuz))
optional(tensor(float8e8m0))
optional(tensor(int16))
optional(tensor(int2))
optional(tensor(int32))
optional(tensor(int4))
optional(tensor(int64))
optional(tensor(int8))
optional(tensor(string))
optional(tensor(uint16))
optional(tensor(uint2))
optional(tensor(uint32))
optional(tensor(uint4))
optional(tensor(uint64))
optional(tensor(uint8))
seq(map(int64,
seq(map(string,
seq(tensor(bfloat16))
seq(tensor(bool))
seq(tensor(complex128))
seq(tensor(complex64))
seq(tensor(double))
seq(tensor(float))
seq(tensor(float16))
seq(tensor(float4e2m1))
seq(tensor(float6e2m3))
seq(tensor(float6e3m2))
seq(tensor(float8e4m3fn))
seq(tensor(float8e4m3fnuz))
seq(tensor(float8e5m2))
seq(tensor(float8e5m2fnuz))
seq(tensor(float8e8m0))
seq(tensor(int16))
seq(tensor(int2))
seq(tensor(int32))
seq(tensor(int4))
seq(tensor(int64))
seq(tensor(int8))
seq(tensor(string))
seq(tensor(uint16))
seq(tensor(uint2))
seq(tensor(uint32))
seq(tensor(uint4))
seq(tensor(uint64))
seq(tensor(uint8))
string)
tensor(bfloat16)
tensor(bool)
tensor(complex128)
tensor(complex64)
tensor(double)
tensor(float)
tensor(float16)
tensor(float4e2m1)
tensor(float6e2m3)
tensor(float6e3m2)
tensor(float8e4m3fn)
tensor(float8e4m3fnuz)
tensor(float8e5m2)
tensor(float8e5m2fnuz)
tensor(float8e8m0)
tensor(int16)
tensor(int2)
tensor(int32)
tensor(int4)
tensor(int64)
tensor(int8)
tensor(string)
tensor(uint16)
tensor(uint2)
tensor(uint32)
tensor(uint4)
tensor(uint64)
tensor(uint8)`

/** Sets of types, by their number in the lines below: the types in one, neighbours as first-last. */
export const typeSets = `97-99
97-99 108 110 112-113 115 117 119-120
93 97-99 108 110 112-113 115 117 119-120
93 97-99
97-99 110 112 117 119
93 97-99 110 112 117 119
112
94
93-94 97-99 108 110 112-113 115 117 119-120
93-100 103-113 115-120
115 117 119-120
108 110 112-113 115 117 119-120
110 112
94 97-99 108 110 112-113 115 117 119-120
94 97-99 108 110 112-115 117 119-120
93-94 97-99 108 110 112-115 117 119-120
93-94 97-99 103-106 108 110 112-115 117 119-120
93-94 97-99 103-106 108 110-115 117-120
93-94 97-100 103-106 108 110-115 117-120
93-94 97-100 103-108 110-115 117-120
93-94 97-100 103-120
93-94 97-120
93 98-99
98
93-99 108 110 112-115 117 119-120
94-99 108 110 112-115 117 119-120
65-70 79 81 83-86 88 90-91
93-99 103-106 108 110 112-115 117 119-120
93-99 103-106 108 110-115 117-120
93-100 103-106 108 110-115 117-120
93-100 103-108 110-115 117-120
93-100 103-120
93-94 97-99 103-106 108 110 112-113 115 117 119-120
93-94 97-99 103-106 108 110-113 115 117-120
93-94 97-100 103-106 108 110-113 115 117-120
93-94 97-100 103-108 110-113 115 117-120
93-94 97-100 103-113 115-120
113 120
110
97-98 110 112 117 119
110 113 120
103-106 110 113 120
103-106 108 110-111 113 115 118 120
100 103-106 108 110-111 113 115 118 120
93 98-99 107
100 103-106 108-111 113 115-116 118 120
100-106 108-111 113 115-116 118 120
93 97-99 103-106
120
94 110 112
65-70 79 81 83-86 88 90-91 93-99 108 110 112-115 117 119-120
7-12 21 23 25-28 30 32-33 35-40 49 51 53-56 58 60-61 65-70 79 81 83-86 88 90-91 93-99 108 110 112-115 117 119-120
7-12 21 23 25-28 30 32-33 35-40 49 51 53-56 58 60-61 65-70 79 81 83-86 88 90-91 93-99 103-106 108 110 112-115 117 119-120
7-12 21 23 25-28 30 32-33 35-40 49 51 53-56 58 60-61 65-70 79 81 83-86 88 90-91 93-99 103-106 108 110-115 117-120
7-12 21 23 25-28 30 32-33 35-40 49 51 53-56 58 60-61 65-70 79 81 83-86 88 90-91 93-100 103-106 108 110-115 117-120
7-12 21 23 25-28 30 32-33 35-40 49 51 53-56 58 60-61 65-70 79 81 83-86 88 90-91 93-100 103-108 110-115 117-120
7-12 21 23 25-28 30 32-33 35-40 49 51 53-56 58 60-61 65-70 79 81 83-86 88 90-91 93-100 103-120
65-70 79 81 83-86 88 90-91 94-99 108 110 112-115 117 119-120
6-12 21 23 25-28 30 32-40 49 51 53-56 58 60-61 64-70 79 81 83-86 88 90-91 93-99 108 110 112-115 117 119-120
6-12 21 23 25-28 30 32-40 44-47 49 51 53-56 58 60-61 64-70 74-77 79 81 83-86 88 90-91 93-99 103-106 108 110 112-115 117 119-120
6-12 21 23 25-28 30 32-40 44-47 49 51-56 58-61 64-70 74-77 79 81-86 88-91 93-99 103-106 108 110-115 117-120
6-12 21 23 25-28 30 32-41 44-47 49 51-56 58-61 64-71 74-77 79 81-86 88-91 93-100 103-106 108 110-115 117-120
6-12 21 23 25-28 30 32-41 44-49 51-56 58-61 64-71 74-79 81-86 88-91 93-100 103-108 110-115 117-120
6-12 21 23 25-28 30 32-41 44-61 64-71 74-91 93-100 103-120
97-98
93 98
97-99 113 120
93 97-99 113 120
97-99 108 110 112-113
93 97-99 108 110 112-113
7-12 21 23 25-28 30 32-33 35-40 49 51 53-56 58 60-61
64-91 93-120
6-61
7-12 21 23 25-28 30 32-33 35-40 49 51 53-56 58 60-61 65-70 79 81 83-86 88 90-91 94-99 108 110 112-115 117 119-120
6-61 64-91 93-120
97-99 110 112
93 97-99 110 112
103-106 113 120
98 110
93 98-99 110
103-106 108 111 113 115 118 120
100 103-106 108 111 113 115 118 120
93 98-99 107 110
100 103-106 108-109 111 113 115-116 118 120
100-106 108-109 111 113 115-116 118 120
97-98 108 110 112
93 97-99 108 110 112
97-99 110 112-113 117 119-120
93 97-99 110 112-113 117 119-120
93-94 97-99 110 112-113 117 119-120
114
64-70 79 81 83-86 88 90-91
110 112 114
94 97-99 110 112
97-98 110 112 114
97-98 110 112
1 4 4 92
98 112 114
112 114
0 0-1 1 3-4 4 4-5 5 5 92
97-98 112 114
97-98 108 110 112 114
2 2 62-63`

/** domain | operator | since, x: withdrawn | inputs | outputs | types of inputs | of outputs | attributes:kind, !: needed | constraints; ^: as above */
export const operatorLines = `|Abs|1|1-1|1-1|T|T|consumed_inputs:7|T=0
|^|6|^|^|T|T||T=1
|^|13|^|^|T|T||T=2
|Acos|7|^|^|T|T||T=0
|^|22|^|^|T|T||T=3
|Acosh|9|^|^|T|T||T=0
|^|22|^|^|T|T||T=3
|Add|1|2-2|^|T,T|T|axis:2,broadcast:2,consumed_inputs:7|T=0
|^|6|^|^|^|T|axis:2,broadcast:2|T=4
|^|7|^|^|^|T||^
|^|13|^|^|^|T||T=5
|^|14|^|^|^|T||T=2
|AffineGrid|20|^|^|T1,T2|T1|align_corners:2|T1=3,T2=6
|And|1|^|^|T,T|^|axis:2,broadcast:2|T=7,T1=7
|^|7|^|^|^|^||^
|ArgMax|1|1-1|^|T|#6|axis:2,keepdims:2|T=1
|^|11|^|^|T|^|^|^
|^|12|^|^|T|^|axis:2,keepdims:2,select_last_index:2|^
|^|13|^|^|T|^|^|T=2
|ArgMin|1|^|^|T|^|axis:2,keepdims:2|T=1
|^|11|^|^|T|^|^|^
|^|12|^|^|T|^|axis:2,keepdims:2,select_last_index:2|^
|^|13|^|^|T|^|^|T=2
|Asin|7|^|^|T|T||T=0
|^|22|^|^|T|T||T=3
|Asinh|9|^|^|T|T||T=0
|^|22|^|^|T|T||T=3
|Atan|7|^|^|T|T||T=0
|^|22|^|^|T|T||T=3
|Atanh|9|^|^|T|T||T=0
|^|22|^|^|T|T||T=3
|Attention|23|3-6|1-4|T1,T1,T2,U,T1,T2|T1,T1,T2,T1|is_causal:2,kv_num_heads:2,q_num_heads:2,qk_matmul_output_mode:2,scale:1,softcap:1,softmax_precision:2|T1=3,T2=3,U=8
|^|24|3-7|^|T1,T1,T2,U,T1,T2,#6|^|^|^
|^|25|^|^|^|^|is_causal:2,kv_num_heads:2,left_window_size:2,q_num_heads:2,qk_matmul_output_mode:2,right_window_size:2,scale:1,softcap:1,softmax_precision:2|^
|AveragePool|1|1-1|1-1|T|T|auto_pad:3,kernel_shape:7!,pads:7,strides:7|T=0
|^|7|^|^|T|T|auto_pad:3,count_include_pad:2,kernel_shape:7!,pads:7,strides:7|^
|^|10|^|^|T|T|auto_pad:3,ceil_mode:2,count_include_pad:2,kernel_shape:7!,pads:7,strides:7|^
|^|11|^|^|T|T|^|^
|^|19|^|^|T|T|auto_pad:3,ceil_mode:2,count_include_pad:2,dilations:7,kernel_shape:7!,pads:7,strides:7|^
|^|22|^|^|T|T|^|T=3
|BatchNormalization|1|5-5|1-5|T,T,T,T,T|T,T,T,T,T|consumed_inputs:7!,epsilon:1,is_test:2,momentum:1,spatial:2|T=0
|^|6|^|^|^|^|epsilon:1,is_test:2,momentum:1,spatial:2|^
|^|7|^|^|^|^|epsilon:1,momentum:1,spatial:2|^
|^|9|^|^|^|^|epsilon:1,momentum:1|^
|^|14|^|1-3|T,T,T,U,U|T,U,U|epsilon:1,momentum:1,training_mode:2|T=3,U=3
|^|15|^|^|T,T1,T1,T2,T2|T,T2,T2|^|T=3,T1=3,T2=3
|Bernoulli|^|1-1|1-1|T1|T2|dtype:2,seed:1|T1=0,T2=8
|^|22|^|^|^|^|^|T1=3,T2=8
|BitCast|26|^|^|^|^|to:2!|T1=9,T2=9
|BitShift|11|2-2|^|T,T|T|direction:3!|T=10
|^|28|^|^|^|T|^|T=11
|BitwiseAnd|18|^|^|^|T||^
|BitwiseNot|^|1-1|^|T|T||^
|BitwiseOr|^|2-2|^|T,T|T||^
|BitwiseXor|^|^|^|^|T||^
|BlackmanWindow|17|1-1|^|T1|T2|output_datatype:2,periodic:2|T1=12,T2=2
|Cast|1|^|^|^|^|to:3!|T1=13,T2=13
|^|6|^|^|^|^|to:2!|^
|^|9|^|^|^|^|^|T1=14,T2=14
|^|13|^|^|^|^|^|T1=15,T2=15
|^|19|^|^|^|^|saturate:2,to:2!|T1=16,T2=16
|^|21|^|^|^|^|^|T1=17,T2=17
|^|23|^|^|^|^|^|T1=18,T2=18
|^|24|^|^|^|^|round_mode:3,saturate:2,to:2!|T1=19,T2=19
|^|25|^|^|^|^|^|T1=20,T2=20
|^|28|^|^|^|^|^|T1=21,T2=21
|CastLike|15|2-2|^|T1,T2|^||T1=15,T2=15
|^|19|^|^|^|^|saturate:2|T1=16,T2=16
|^|21|^|^|^|^|^|T1=17,T2=17
|^|23|^|^|^|^|^|T1=18,T2=18
|^|24|^|^|^|^|round_mode:3,saturate:2|T1=19,T2=19
|^|25|^|^|^|^|^|T1=20,T2=20
|CausalConvWithState|27|2-4|2-2|T,T,T,T|T,T|activation:3|T=22
|Ceil|1|1-1|1-1|T|T|consumed_inputs:7|T=0
|^|6|^|^|T|T||^
|^|13|^|^|T|T||T=3
|Celu|12|^|^|T|T|alpha:1|T=23
|^|28|^|^|T|T|^|T=3
|CenterCropPad|18|2-2|^|T,Tind|T|axes:7|T=24,Tind=12
|Clip|1|1-1|^|T|T|consumed_inputs:7,max:1,min:1|T=0
|^|6|^|^|T|T|max:1,min:1|^
|^|11|1-3|^|T,T,T|T||^
|^|12|^|^|^|T||T=1
|^|13|^|^|^|T||T=2
|Col2Im|18|3-3|^|T,#6,#6|T|dilations:7,pads:7,strides:7|T=24
|Compress|9|2-2|^|T,T1|T|axis:2|T=25,T1=7
|^|11|^|^|^|T|^|^
|^|28|^|^|^|T|^|T=24,T1=7
|Concat|1|1-|^|T*|T|^|T=0
|^|4|^|^|^|T|axis:2!|T=25
|^|11|^|^|^|T|^|^
|^|13|^|^|^|T|^|T=24
|ConcatFromSequence|11|1-1|^|S|T|axis:2!,new_axis:2|S=26,T=25
|Constant|1|0-0|^||T|value:4!|T=0
|^|9|^|^||T|^|T=25
|^|11|^|^||T|sparse_value:11,value:4|^
|^|12|^|^||T|sparse_value:11,value:4,value_float:1,value_floats:6,value_int:2,value_ints:7,value_string:3,value_strings:8|^
|^|13|^|^||T|^|T=24
|^|19|^|^||T|^|T=27
|^|21|^|^||T|^|T=28
|^|23|^|^||T|^|T=29
|^|24|^|^||T|^|T=30
|^|25|^|^||T|^|T=31
|ConstantOfShape|9|1-1|^|T1|T2|value:4|T1=6,T2=13
|^|20|^|^|^|^|^|T1=6,T2=32
|^|21|^|^|^|^|^|T1=6,T2=33
|^|23|^|^|^|^|^|T1=6,T2=34
|^|24|^|^|^|^|^|T1=6,T2=35
|^|25|^|^|^|^|^|T1=6,T2=36
|Conv|1|2-3|^|T,T,T|T|auto_pad:3,dilations:7,group:2,kernel_shape:7,pads:7,strides:7|T=0
|^|11|^|^|^|T|^|^
|^|22|^|^|^|T|^|T=3
|ConvInteger|10|2-4|^|T1,T2,T1,T2|T3|^|T1=37,T2=37,T3=38
|ConvTranspose|1|2-3|^|T,T,T|T|auto_pad:3,dilations:7,group:2,kernel_shape:7,output_padding:7,output_shape:7,pads:7,strides:7|T=0
|^|11|^|^|^|T|^|^
|^|22|^|^|^|T|^|T=3
|Cos|7|1-1|^|T|T||T=0
|^|22|^|^|T|T||T=3
|Cosh|9|^|^|T|T||T=0
|^|22|^|^|T|T||T=3
|CumProd|26|2-2|^|T,T2|T|exclusive:2,reverse:2|T=5,T2=12
|CumSum|11|^|^|^|T|^|T=39,T2=12
|^|14|^|^|^|T|^|T=5,T2=12
|DFT|17|1-2|^|T1,T2|T1|axis:2,inverse:2,onesided:2|T1=3,T2=12
|^|20|1-3|^|T1,T2,#6|^|inverse:2,onesided:2|^
|DeformConv|19|3-5|^|T,T,T,T,T|T|dilations:7,group:2,kernel_shape:7,offset_group:2,pads:7,strides:7|T=0
|^|22|^|^|^|T|^|T=3
|DepthToSpace|1|1-1|^|T|T|blocksize:2!|T=25
|^|11|^|^|T|T|blocksize:2!,mode:3|^
|^|13|^|^|T|T|^|T=24
|^|28|^|^|T|T|^|^
|DequantizeLinear|10|2-3|^|T,#23,T|#23||T=40
|^|13|^|^|^|^|axis:2|^
|^|19|^|^|T1,T2,T1|T2|^|T1=41,T2=22
|^|21|^|^|^|^|axis:2,block_size:2|T1=42,T2=22
|^|23|^|^|^|T3|axis:2,block_size:2,output_dtype:2|T1=43,T2=22,T3=22
|^|24|^|^|^|^|^|T1=43,T2=44,T3=22
|^|25|^|^|^|^|^|T1=45,T2=44,T3=22
|^|28|^|^|^|^|^|T1=46,T2=44,T3=22
|Det|11|1-1|^|T|T||T=0
|^|22|^|^|T|T||T=3
|Div|1|2-2|^|T,T|T|axis:2,broadcast:2,consumed_inputs:7|T=0
|^|6|^|^|^|T|axis:2,broadcast:2|T=4
|^|7|^|^|^|T||^
|^|13|^|^|^|T||T=5
|^|14|^|^|^|T||T=2
|Dropout|1|1-1|1-2|T|T,T|consumed_inputs:7,is_test:2,ratio:1|T=0
|^|6|^|^|T|^|is_test:2,ratio:1|^
|^|7|^|^|T|^|ratio:1|^
|^|10|^|^|T|T,T1|^|T=0,T1=7
|^|12|1-3|^|T,T1,T2|T,T2|seed:2|T=0,T1=0,T2=7
|^|13|^|^|^|^|^|T=3,T1=0,T2=7
|^|22|^|^|^|^|^|T=47,T1=47,T2=7
|DynamicQuantizeLinear|11|1-1|3-3|T1|T2,#23,T2||T1=23,T2=48
|Einsum|12|1-|1-1|T*|T|equation:3!|T=1
|^|28|^|^|^|T|^|T=2
|Elu|1|1-1|^|T|T|alpha:1,consumed_inputs:7|T=0
|^|6|^|^|T|T|alpha:1|^
|^|22|^|^|T|T|^|T=3
|Equal|1|2-2|^|T,T|T1|axis:2,broadcast:2|T=49,T1=7
|^|7|^|^|^|^||^
|^|11|^|^|^|^||T=13,T1=7
|^|13|^|^|^|^||T=8,T1=7
|^|19|^|^|^|^||T=15,T1=7
|Erf|9|1-1|^|T|T||T=1
|^|13|^|^|T|T||T=3
|Exp|1|^|^|T|T|consumed_inputs:7|T=0
|^|6|^|^|T|T||^
|^|13|^|^|T|T||T=3
|Expand|8|2-2|^|T,#6|T||T=25
|^|13|^|^|^|T||T=24
|EyeLike|9|1-1|^|T1|T2|dtype:2,k:2|T1=13,T2=13
|^|22|^|^|^|^|^|T1=8,T2=8
|Flatten|1|^|^|T|T|axis:2|T=0
|^|9|^|^|T|T|^|T=25
|^|11|^|^|T|T|^|^
|^|13|^|^|T|T|^|T=24
|^|21|^|^|T|T|^|T=28
|^|23|^|^|T|T|^|T=29
|^|24|^|^|T|T|^|T=30
|^|25|^|^|T|T|^|T=31
|Floor|1|^|^|T|T|consumed_inputs:7|T=0
|^|6|^|^|T|T||^
|^|13|^|^|T|T||T=3
|GRU|1|3-6|2-2|T,T,T,T,T1,T|T,T|activation_alpha:6,activation_beta:6,activations:8,clip:1,direction:3,hidden_size:2,output_sequence:2|T=0,T1=38
|^|3|^|0-2|^|^|activation_alpha:6,activation_beta:6,activations:8,clip:1,direction:3,hidden_size:2,linear_before_reset:2,output_sequence:2|^
|^|7|^|^|^|^|activation_alpha:6,activation_beta:6,activations:8,clip:1,direction:3,hidden_size:2,linear_before_reset:2|^
|^|14|^|^|^|^|activation_alpha:6,activation_beta:6,activations:8,clip:1,direction:3,hidden_size:2,layout:2,linear_before_reset:2|^
|^|22|^|^|^|^|^|T=3,T1=38
|Gather|1|2-2|1-1|T,Tind|T|axis:2|T=25,Tind=12
|^|11|^|^|^|T|^|^
|^|13|^|^|^|T|^|T=24,Tind=12
|GatherElements|11|^|^|^|T|^|T=25,Tind=12
|^|13|^|^|^|T|^|T=24,Tind=12
|GatherND|11|^|^|T,#6|T||T=25
|^|12|^|^|^|T|batch_dims:2|^
|^|13|^|^|^|T|^|T=24
|Gelu|20|1-1|^|T|T|approximate:3|T=3
|Gemm|1|3-3|^|T,T,T|T|alpha:1,beta:1,broadcast:2,transA:2,transB:2|T=0
|^|6|^|^|^|T|^|^
|^|7|^|^|^|T|alpha:1,beta:1,transA:2,transB:2|^
|^|9|^|^|^|T|^|T=4
|^|11|2-3|^|^|T|^|^
|^|13|^|^|^|T|^|T=5
|GlobalAveragePool|1|1-1|^|T|T||T=0
|^|22|^|^|T|T||T=3
|GlobalLpPool|1|^|^|T|T|p:1|T=0
|^|2|^|^|T|T|p:2|^
|^|22|^|^|T|T|^|T=3
|GlobalMaxPool|1|^|^|T|T||T=0
|^|22|^|^|T|T||T=3
|Greater|1|2-2|^|T,T|T1|axis:2,broadcast:2|T=0,T1=7
|^|7|^|^|^|^||^
|^|9|^|^|^|^||T=1,T1=7
|^|13|^|^|^|^||T=2,T1=7
|GreaterOrEqual|12|^|^|^|^||T=1,T1=7
|^|16|^|^|^|^||T=2,T1=7
|GridSample|^|^|^|T1,T2|^|align_corners:2,mode:3,padding_mode:3|T1=25,T2=0
|^|20|^|^|^|^|^|^
|^|22|^|^|^|^|^|T1=24,T2=3
|GroupNormalization|18x|3-3|^|T,T,T|T|epsilon:1,num_groups:2!|T=3
|^|21|^|^|^|T|epsilon:1,num_groups:2!,stash_type:2|^
|HammingWindow|17|1-1|^|T1|T2|output_datatype:2,periodic:2|T1=12,T2=2
|HannWindow|^|^|^|^|^|^|^
|HardSigmoid|1|^|^|T|T|alpha:1,beta:1,consumed_inputs:7|T=0
|^|6|^|^|T|T|alpha:1,beta:1|^
|^|22|^|^|T|T|^|T=3
|HardSwish|14|^|^|T|T||T=0
|^|22|^|^|T|T||T=3
|Hardmax|1|^|^|T|T|axis:2|T=0
|^|11|^|^|T|T|^|^
|^|13|^|^|T|T|^|T=3
|Identity|1|^|^|T|T||T=25
|^|13|^|^|T|T||T=24
|^|14|^|^|V|V||V=50
|^|16|^|^|V|V||V=51
|^|19|^|^|V|V||V=52
|^|21|^|^|V|V||V=53
|^|23|^|^|V|V||V=54
|^|24|^|^|V|V||V=55
|^|25|^|^|V|V||V=56
|If|1|^|1-|B|V**|else_branch:5!,then_branch:5!|V=25,B=7
|^|11|^|^|B|^|^|^
|^|13|^|^|B|^|^|V=57,B=7
|^|16|^|^|B|^|^|V=58,B=7
|^|19|^|^|B|^|^|V=59,B=7
|^|21|^|^|B|^|^|V=60,B=7
|^|23|^|^|B|^|^|V=61,B=7
|^|24|^|^|B|^|^|V=62,B=7
|^|25|^|^|B|^|^|V=63,B=7
|ImageDecoder|20|^|1-1|T1|T2|pixel_format:3|T1=48,T2=48
|InstanceNormalization|1|3-3|^|T,T,T|T|consumed_inputs:7,epsilon:1|T=0
|^|6|^|^|^|T|epsilon:1|^
|^|22|^|^|^|T|^|T=3
|IsInf|10|1-1|^|T1|T2|detect_negative:2,detect_positive:2|T1=64,T2=7
|^|20|^|^|^|^|^|T1=47,T2=7
|IsNaN|9|^|^|^|^||T1=0,T2=7
|^|13|^|^|^|^||T1=3,T2=7
|^|20|^|^|^|^||T1=47,T2=7
|LRN|1|^|^|T|T|alpha:1,beta:1,bias:1,size:2!|T=0
|^|13|^|^|T|T|^|T=3
|LSTM|1|3-8|0-3|T,T,T,T,T1,T,T,T|T,T,T|activation_alpha:6,activation_beta:6,activations:8,clip:1,direction:3,hidden_size:2,input_forget:2,output_sequence:2|T=0,T1=38
|^|7|^|^|^|^|activation_alpha:6,activation_beta:6,activations:8,clip:1,direction:3,hidden_size:2,input_forget:2|^
|^|14|^|^|^|^|activation_alpha:6,activation_beta:6,activations:8,clip:1,direction:3,hidden_size:2,input_forget:2,layout:2|^
|^|22|^|^|^|^|^|T=3,T1=38
|LayerNormalization|17|2-3|1-3|T,T,T|T,U,U|axis:2,epsilon:1,stash_type:2|T=3,U=65
|LeakyRelu|1|1-1|1-1|T|T|alpha:1,consumed_inputs:7|T=0
|^|6|^|^|T|T|alpha:1|^
|^|16|^|^|T|T|^|T=3
|Less|1|2-2|^|T,T|T1|axis:2,broadcast:2|T=0,T1=7
|^|7|^|^|^|^||^
|^|9|^|^|^|^||T=1,T1=7
|^|13|^|^|^|^||T=2,T1=7
|LessOrEqual|12|^|^|^|^||T=1,T1=7
|^|16|^|^|^|^||T=2,T1=7
|LinearAttention|27|3-6|2-2|T,T,T,S,T,T|T,S|chunk_size:2,kv_num_heads:2!,q_num_heads:2!,scale:1,update_rule:3|T=22,S=22
|Log|1|1-1|1-1|T|T|consumed_inputs:7|T=0
|^|6|^|^|T|T||^
|^|13|^|^|T|T||T=3
|LogSoftmax|1|^|^|T|T|axis:2|T=0
|^|11|^|^|T|T|^|^
|^|13|^|^|T|T|^|T=3
|Loop|1|3-|1-|I,B,V**|V**|body:5!|V=25,I=6,B=7
|^|11|2-|^|^|^|^|^
|^|13|^|^|^|^|^|V=57,I=6,B=7
|^|16|^|^|^|^|^|V=58,I=6,B=7
|^|19|^|^|^|^|^|V=59,I=6,B=7
|^|21|^|^|^|^|^|V=60,I=6,B=7
|^|23|^|^|^|^|^|V=61,I=6,B=7
|^|24|^|^|^|^|^|V=62,I=6,B=7
|^|25|^|^|^|^|^|V=63,I=6,B=7
|LpNormalization|1|1-1|1-1|T|T|axis:2,p:2|T=0
|^|22|^|^|T|T|^|T=3
|LpPool|1|^|^|T|T|auto_pad:3,kernel_shape:7,p:1,pads:7,strides:7|T=0
|^|2|^|^|T|T|auto_pad:3,kernel_shape:7!,p:2,pads:7,strides:7|^
|^|11|^|^|T|T|^|^
|^|18|^|^|T|T|auto_pad:3,ceil_mode:2,dilations:7,kernel_shape:7!,p:2,pads:7,strides:7|^
|^|22|^|^|T|T|^|T=3
|MatMul|1|2-2|^|T,T|T||T=0
|^|9|^|^|^|T||T=4
|^|13|^|^|^|T||T=5
|MatMulInteger|10|2-4|^|T1,T2,T1,T2|T3||T1=37,T2=37,T3=38
|Max|1|1-|^|T*|T|consumed_inputs:7|T=0
|^|6|^|^|^|T||^
|^|8|^|^|^|T||^
|^|12|^|^|^|T||T=1
|^|13|^|^|^|T||T=2
|MaxPool|1|1-1|^|T|T|auto_pad:3,kernel_shape:7!,pads:7,strides:7|T=0
|^|8|^|1-2|T|T,I|auto_pad:3,kernel_shape:7!,pads:7,storage_order:2,strides:7|T=0,I=6
|^|10|^|^|T|^|auto_pad:3,ceil_mode:2,dilations:7,kernel_shape:7!,pads:7,storage_order:2,strides:7|^
|^|11|^|^|T|^|^|^
|^|12|^|^|T|^|^|T=66,I=6
|^|22|^|^|T|^|^|T=67,I=6
|MaxRoiPool|1|2-2|1-1|T,T|T|pooled_shape:7!,spatial_scale:1|T=0
|^|22|^|^|^|T|^|T=3
|MaxUnpool|9|2-3|^|T1,T2,T2|T1|kernel_shape:7!,pads:7,strides:7|T1=0,T2=6
|^|11|^|^|^|^|^|^
|^|22|^|^|^|^|^|T1=3,T2=6
|Mean|1|1-|^|T*|T|consumed_inputs:7|T=0
|^|6|^|^|^|T||^
|^|8|^|^|^|T||^
|^|13|^|^|^|T||T=3
|MeanVarianceNormalization|9|1-1|^|T|T|axes:7|T=0
|^|13|^|^|T|T|^|T=3
|MelWeightMatrix|17|5-5|^|T1,T1,T1,T2,T2|T3|output_datatype:2|T1=12,T2=3,T3=2
|Min|1|1-|^|T*|T|consumed_inputs:7|T=0
|^|6|^|^|^|T||^
|^|8|^|^|^|T||^
|^|12|^|^|^|T||T=1
|^|13|^|^|^|T||T=2
|Mish|18|1-1|^|T|T||T=0
|^|22|^|^|T|T||T=3
|Mod|10|2-2|^|T,T|T|fmod:2|T=1
|^|13|^|^|^|T|^|T=2
|^|28|^|^|^|T|^|^
|Mul|1|^|^|^|T|axis:2,broadcast:2,consumed_inputs:7|T=0
|^|6|^|^|^|T|axis:2,broadcast:2|T=4
|^|7|^|^|^|T||^
|^|13|^|^|^|T||T=5
|^|14|^|^|^|T||T=2
|Multinomial|7|1-1|^|T1|T2|dtype:2,sample_size:2,seed:1|T1=0,T2=12
|^|22|^|^|^|^|^|T1=3,T2=12
|Neg|1|^|^|T|T|consumed_inputs:7|T=0
|^|6|^|^|T|T||T=68
|^|13|^|^|T|T||T=69
|NegativeLogLikelihoodLoss|12|2-3|^|T,Tind,T|T|ignore_index:2,reduction:3|T=0,Tind=12
|^|13|^|^|^|T|^|^
|^|22|^|^|^|T|^|T=3,Tind=12
|NonMaxSuppression|10|2-5|^|#23,#23,#6,#23,#23|#6|center_point_box:2|
|^|11|^|^|^|^|^|
|NonZero|9|1-1|^|T|^||T=25
|^|13|^|^|T|^||T=24
|Not|1|^|^|T|T||T=7
|OneHot|9|3-3|^|T1,T2,T3|T3|axis:2|T1=1,T2=1,T3=25
|^|11|^|^|^|^|^|^
|^|28|^|^|^|^|^|T1=1,T2=1,T3=24
|Optional|15|0-1|^|V|O|type:13|V=57,O=70
|^|28|^|^|V|O|^|V=71,O=72
|OptionalGetElement|15|1-1|^|O|V||O=70,V=57
|^|18|^|^|O|V||O=73,V=57
|^|28|^|^|O|V||O=74,V=71
|OptionalHasElement|15|^|^|O|B||O=70,B=7
|^|18|0-1|^|O|B||O=73,B=7
|^|28|^|^|O|B||O=74,B=7
|Or|1|2-2|^|T,T|T1|axis:2,broadcast:2|T=7,T1=7
|^|7|^|^|^|^||^
|PRelu|1|^|^|^|T|consumed_inputs:7|T=0
|^|6|^|^|^|T||^
|^|7|^|^|^|T||^
|^|9|^|^|^|T||T=4
|^|16|^|^|^|T||T=5
|Pad|1|1-1|^|T|T|mode:3,paddings:7!,value:1|T=0
|^|2|^|^|T|T|mode:3,pads:7!,value:1|^
|^|11|2-3|^|T,#6,T|T|mode:3|T=1
|^|13|^|^|^|T|^|T=24
|^|18|2-4|^|T,#6,T,Tind|T|^|T=24,Tind=12
|^|19|^|^|^|T|^|^
|^|21|^|^|^|T|^|T=28,Tind=12
|^|23|^|^|^|T|^|T=29,Tind=12
|^|24|^|^|^|T|^|T=30,Tind=12
|^|25|^|^|^|T|^|T=31,Tind=12
|Pow|1|2-2|^|T,T|T|axis:2,broadcast:2|T=0
|^|7|^|^|^|T||^
|^|12|^|^|T,T1|T||T=75,T1=1
|^|13|^|^|^|T||T=76,T1=1
|^|15|^|^|^|T||T=76,T1=2
|QLinearConv|10|8-9|^|T1,#23,T1,T2,#23,T2,#23,T3,T4|T3|auto_pad:3,dilations:7,group:2,kernel_shape:7,pads:7,strides:7|T1=37,T2=37,T3=37,T4=38
|QLinearMatMul|^|8-8|^|T1,#23,T1,T2,#23,T2,#23,T3|^||T1=37,T2=37,T3=37
|^|21|^|^|T1,TS,T1,T2,TS,T2,TS,T3|^||TS=22,T1=77,T2=77,T3=77
|QuantizeLinear|10|2-3|^|T1,#23,T2|T2||T1=78,T2=37
|^|13|^|^|^|^|axis:2|^
|^|19|^|^|T1,T1,T2|^|axis:2,saturate:2|T1=79,T2=77
|^|21|^|^|^|^|axis:2,block_size:2,output_dtype:2,saturate:2|T1=79,T2=80
|^|23|^|^|T1,T2,T3|T3|axis:2,block_size:2,output_dtype:2,precision:2,saturate:2|T1=79,T2=79,T3=81
|^|24|^|^|^|^|^|T1=79,T2=82,T3=81
|^|25|^|^|^|^|^|T1=79,T2=82,T3=83
|^|28|^|^|^|^|^|T1=79,T2=82,T3=84
|RMSNormalization|23|2-2|^|T,V|V|axis:2,epsilon:1,stash_type:2|T=3,V=3
|RNN|1|3-6|0-2|T,T,T,T,T1,T|T,T|activation_alpha:6,activation_beta:6,activations:8,clip:1,direction:3,hidden_size:2,output_sequence:2|T=0,T1=38
|^|7|^|^|^|^|activation_alpha:6,activation_beta:6,activations:8,clip:1,direction:3,hidden_size:2|^
|^|14|^|^|^|^|activation_alpha:6,activation_beta:6,activations:8,clip:1,direction:3,hidden_size:2,layout:2|^
|^|22|^|^|^|^|^|T=3,T1=38
|RandomNormal|1|0-0|1-1||T|dtype:2,mean:1,scale:1,seed:1,shape:7!|T=0
|^|22|^|^||T|^|T=3
|RandomNormalLike|1|1-1|^|T1|T2|dtype:2,mean:1,scale:1,seed:1|T1=25,T2=0
|^|22|^|^|^|^|^|T1=24,T2=3
|RandomUniform|1|0-0|^||T|dtype:2,high:1,low:1,seed:1,shape:7!|T=0
|^|22|^|^||T|^|T=3
|RandomUniformLike|1|1-1|^|T1|T2|dtype:2,high:1,low:1,seed:1|T1=25,T2=0
|^|22|^|^|^|^|^|T1=24,T2=3
|Range|11|3-3|^|T,T,T|T||T=85
|^|27|^|^|^|T|stash_type:2|T=86
|Reciprocal|1|1-1|^|T|T|consumed_inputs:7|T=0
|^|6|^|^|T|T||^
|^|13|^|^|T|T||T=3
|ReduceL1|1|^|^|T|T|axes:7,keepdims:2|T=4
|^|11|^|^|T|T|^|^
|^|13|^|^|T|T|^|T=5
|^|18|1-2|^|T,#6|T|keepdims:2,noop_with_empty_axes:2|^
|ReduceL2|1|1-1|^|T|T|axes:7,keepdims:2|T=4
|^|11|^|^|T|T|^|^
|^|13|^|^|T|T|^|T=5
|^|18|1-2|^|T,#6|T|keepdims:2,noop_with_empty_axes:2|^
|ReduceLogSum|1|1-1|^|T|T|axes:7,keepdims:2|T=4
|^|11|^|^|T|T|^|^
|^|13|^|^|T|T|^|T=5
|^|18|1-2|^|T,#6|T|keepdims:2,noop_with_empty_axes:2|^
|^|28|^|^|^|T|^|T=3
|ReduceLogSumExp|1|1-1|^|T|T|axes:7,keepdims:2|T=4
|^|11|^|^|T|T|^|^
|^|13|^|^|T|T|^|T=5
|^|18|1-2|^|T,#6|T|keepdims:2,noop_with_empty_axes:2|^
|^|28|^|^|^|T|^|T=3
|ReduceMax|1|1-1|^|T|T|axes:7,keepdims:2|T=4
|^|11|^|^|T|T|^|^
|^|12|^|^|T|T|^|T=87
|^|13|^|^|T|T|^|T=88
|^|18|1-2|^|T,#6|T|keepdims:2,noop_with_empty_axes:2|^
|^|20|^|^|^|T|^|T=89
|ReduceMean|1|1-1|^|T|T|axes:7,keepdims:2|T=4
|^|11|^|^|T|T|^|^
|^|13|^|^|T|T|^|T=5
|^|18|1-2|^|T,#6|T|keepdims:2,noop_with_empty_axes:2|^
|ReduceMin|1|1-1|^|T|T|axes:7,keepdims:2|T=4
|^|11|^|^|T|T|^|^
|^|12|^|^|T|T|^|T=87
|^|13|^|^|T|T|^|T=88
|^|18|1-2|^|T,#6|T|keepdims:2,noop_with_empty_axes:2|^
|^|20|^|^|^|T|^|T=89
|ReduceProd|1|1-1|^|T|T|axes:7,keepdims:2|T=4
|^|11|^|^|T|T|^|^
|^|13|^|^|T|T|^|T=5
|^|18|1-2|^|T,#6|T|keepdims:2,noop_with_empty_axes:2|^
|ReduceSum|1|1-1|^|T|T|axes:7,keepdims:2|T=4
|^|11|^|^|T|T|^|^
|^|13|1-2|^|T,#6|T|keepdims:2,noop_with_empty_axes:2|T=5
|ReduceSumSquare|1|1-1|^|T|T|axes:7,keepdims:2|T=4
|^|11|^|^|T|T|^|^
|^|13|^|^|T|T|^|T=5
|^|18|1-2|^|T,#6|T|keepdims:2,noop_with_empty_axes:2|^
|RegexFullMatch|20|1-1|^|T1|T2|pattern:3|T1=90,T2=7
|Relu|1|^|^|T|T|consumed_inputs:7|T=0
|^|6|^|^|T|T||^
|^|13|^|^|T|T||T=3
|^|14|^|^|T|T||T=69
|Reshape|1|^|^|T|T|consumed_inputs:7,shape:7|T=0
|^|5|2-2|^|T,#6|T||T=25
|^|13|^|^|^|T||T=24
|^|14|^|^|^|T|allowzero:2|^
|^|19|^|^|^|T|^|T=27
|^|21|^|^|^|T|^|T=28
|^|23|^|^|^|T|^|T=29
|^|24|^|^|^|T|^|T=30
|^|25|^|^|^|T|^|T=31
|Resize|10|^|^|T,#23|T|mode:3|T=25
|^|11|3-4|^|T1,T2,#23,#6|T1|coordinate_transformation_mode:3,cubic_coeff_a:1,exclude_outside:2,extrapolation_value:1,mode:3,nearest_mode:3|T1=25,T2=0
|^|13|1-4|^|^|^|^|T1=24,T2=0
|^|18|^|^|^|^|antialias:2,axes:7,coordinate_transformation_mode:3,cubic_coeff_a:1,exclude_outside:2,extrapolation_value:1,keep_aspect_ratio_policy:3,mode:3,nearest_mode:3|^
|^|19|^|^|^|^|^|^
|ReverseSequence|10|2-2|^|T,#6|T|batch_axis:2,time_axis:2|T=25
|^|28|^|^|^|T|^|T=24
|RoiAlign|10|3-3|^|T1,T1,T2|T1|mode:3,output_height:2,output_width:2,sampling_ratio:2,spatial_scale:1|T1=0,T2=6
|^|16|^|^|^|^|coordinate_transformation_mode:3,mode:3,output_height:2,output_width:2,sampling_ratio:2,spatial_scale:1|^
|^|22|^|^|^|^|^|T1=3,T2=6
|RotaryEmbedding|23|3-4|^|T,T,T,M|T|interleaved:2,num_heads:2,rotary_embedding_dim:2|T=22,M=6
|Round|11|1-1|^|T|T||T=0
|^|22|^|^|T|T||T=3
|STFT|17|2-4|^|T1,T2,T1,T2|T1|onesided:2|T1=3,T2=12
|Scan|8|2-|1-|I,V**|V**|body:5!,directions:7,num_scan_inputs:2!|I=6,V=25
|^|9|1-|^|V**|^|body:5!,num_scan_inputs:2!,scan_input_axes:7,scan_input_directions:7,scan_output_axes:7,scan_output_directions:7|V=25
|^|11|^|^|^|^|^|^
|^|16|^|^|^|^|^|V=24
|^|19|^|^|^|^|^|V=27
|^|21|^|^|^|^|^|V=28
|^|23|^|^|^|^|^|V=29
|^|24|^|^|^|^|^|V=30
|^|25|^|^|^|^|^|V=31
|Scatter|9|3-3|1-1|T,Tind,T|T|axis:2|T=25,Tind=12
|^|11x|^|^|^|T|^|^
|ScatterElements|11|^|^|^|T|^|^
|^|13|^|^|^|T|^|T=24,Tind=12
|^|16|^|^|^|T|axis:2,reduction:3|^
|^|18|^|^|^|T|^|^
|ScatterND|11|^|^|T,#6,T|T||T=25
|^|13|^|^|^|T||T=24
|^|16|^|^|^|T|reduction:3|^
|^|18|^|^|^|T|^|^
|Selu|1|1-1|^|T|T|alpha:1,consumed_inputs:7,gamma:1|T=0
|^|6|^|^|T|T|alpha:1,gamma:1|^
|^|22|^|^|T|T|^|T=3
|SequenceAt|11|2-2|^|S,I|T||S=26,T=25,I=12
|SequenceConstruct|^|1-|^|T*|S||T=25,S=26
|SequenceEmpty|^|0-0|^||S|dtype:2|S=26
|SequenceErase|^|1-2|^|S,I|S||S=26,I=12
|SequenceInsert|^|2-3|^|S,T,I|S||T=25,S=26,I=12
|SequenceLength|^|1-1|^|S|I||S=26,I=6
|SequenceMap|17|1-|1-|S,V**|S**|body:5!|S=26,V=57
|Shape|1|1-1|1-1|T|T1||T=25,T1=6
|^|13|^|^|T|^||T=24,T1=6
|^|15|^|^|T|^|end:2,start:2|^
|^|19|^|^|T|^|^|T=27,T1=6
|^|21|^|^|T|^|^|T=28,T1=6
|^|23|^|^|T|^|^|T=29,T1=6
|^|24|^|^|T|^|^|T=30,T1=6
|^|25|^|^|T|^|^|T=31,T1=6
|Shrink|9|^|^|T|T|bias:1,lambd:1|T=1
|Sigmoid|1|^|^|T|T|consumed_inputs:7|T=0
|^|6|^|^|T|T||^
|^|13|^|^|T|T||T=3
|Sign|9|^|^|T|T||T=1
|^|13|^|^|T|T||T=2
|Sin|7|^|^|T|T||T=0
|^|22|^|^|T|T||T=3
|Sinh|9|^|^|T|T||T=0
|^|22|^|^|T|T||T=3
|Size|1|^|^|T|T1||T=25,T1=6
|^|13|^|^|T|^||T=24,T1=6
|^|19|^|^|T|^||T=27,T1=6
|^|21|^|^|T|^||T=28,T1=6
|^|23|^|^|T|^||T=29,T1=6
|^|24|^|^|T|^||T=30,T1=6
|^|25|^|^|T|^||T=31,T1=6
|Slice|1|^|^|T|T|axes:7,ends:7!,starts:7!|T=25
|^|10|3-5|^|T,Tind,Tind,Tind,Tind|T||T=25,Tind=12
|^|11|^|^|^|T||^
|^|13|^|^|^|T||T=24,Tind=12
|Softmax|1|1-1|^|T|T|axis:2|T=0
|^|11|^|^|T|T|^|^
|^|13|^|^|T|T|^|T=3
|SoftmaxCrossEntropyLoss|12|2-3|1-2|T,Tind,T|T,T|ignore_index:2,reduction:3|T=0,Tind=12
|^|13|^|^|^|^|^|T=3,Tind=12
|Softplus|1|1-1|1-1|T|T||T=0
|^|22|^|^|T|T||T=3
|Softsign|1|^|^|T|T||T=0
|^|22|^|^|T|T||T=3
|SpaceToDepth|1|^|^|T|T|blocksize:2!|T=25
|^|13|^|^|T|T|^|T=24
|^|28|^|^|T|T|blocksize:2!,mode:3|^
|Split|1|1-2|1-|T,T|T*|axis:2,split:7|T=0
|^|2|1-1|^|T|^|^|T=25
|^|11|^|^|T|^|^|^
|^|13|1-2|^|T,#6|^|axis:2|T=24
|^|18|^|^|^|^|axis:2,num_outputs:2|^
|SplitToSequence|11|^|1-1|T,I|S|axis:2,keepdims:2|T=25,I=12,S=26
|^|24|^|^|^|S|^|T=24,I=12,S=91
|Sqrt|1|1-1|^|T|T|consumed_inputs:7|T=0
|^|6|^|^|T|T||^
|^|13|^|^|T|T||T=3
|Squeeze|1|^|^|T|T|axes:7|T=25
|^|11|^|^|T|T|^|^
|^|13|1-2|^|T,#6|T||T=24
|^|21|^|^|^|T||T=28
|^|23|^|^|^|T||T=29
|^|24|^|^|^|T||T=30
|^|25|^|^|^|T||T=31
|StringConcat|20|2-2|^|T,T|T||T=90
|StringNormalizer|10|1-1|^|#90|#90|case_change_action:3,is_case_sensitive:2,locale:3,stopwords:8|
|StringSplit|20|^|2-2|T1|T2,T3|delimiter:3,maxsplit:2|T1=90,T2=90,T3=6
|Sub|1|2-2|1-1|T,T|T|axis:2,broadcast:2,consumed_inputs:7|T=0
|^|6|^|^|^|T|axis:2,broadcast:2|T=4
|^|7|^|^|^|T||^
|^|13|^|^|^|T||T=5
|^|14|^|^|^|T||T=2
|Sum|1|1-|^|T*|T|consumed_inputs:7|T=0
|^|6|^|^|^|T||^
|^|8|^|^|^|T||^
|^|13|^|^|^|T||T=3
|SwiGLU|28|2-2|^|T,T|T|alpha:1|^
|Swish|24|1-1|^|T|T|^|^
|Tan|7|^|^|T|T||T=0
|^|22|^|^|T|T||T=3
|Tanh|1|^|^|T|T|consumed_inputs:7|T=0
|^|6|^|^|T|T||^
|^|13|^|^|T|T||T=3
|TensorScatter|24|2-3|^|T,T,#6|T|axis:2,mode:3|T=30
|TfIdfVectorizer|9|1-1|^|T|T1|max_gram_length:2!,max_skip_count:2!,min_gram_length:2!,mode:3!,ngram_counts:7!,ngram_indexes:7!,pool_int64s:7,pool_strings:8,weights:6|T=92,T1=23
|ThresholdedRelu|10|^|^|T|T|alpha:1|T=0
|^|22|^|^|T|T|^|T=3
|Tile|1|3-3|^|T,T,T|T||T=0,T1=6
|^|6|2-2|^|T,T1|T||T=25,T1=6
|^|13|^|^|^|T||T=24,T1=6
|TopK|1|1-1|2-2|T|T,I|axis:2,k:2!|T=0,I=6
|^|10|2-2|^|T,#6|^|axis:2|^
|^|11|^|^|^|^|axis:2,largest:2,sorted:2|T=1,I=6
|^|24|^|^|^|^|^|T=2,I=6
|Transpose|1|1-1|1-1|T|T|perm:7|T=25
|^|13|^|^|T|T|^|T=24
|^|21|^|^|T|T|^|T=28
|^|23|^|^|T|T|^|T=29
|^|24|^|^|T|T|^|T=30
|^|25|^|^|T|T|^|T=31
|Trilu|14|1-2|^|T,#6|T|upper:2|T=24
|Unique|11|1-1|1-4|T|T,#6,#6,#6|axis:2,sorted:2|T=25
|^|28|^|^|T|^|^|T=24
|Unsqueeze|1|^|1-1|T|T|axes:7!|T=25
|^|11|^|^|T|T|^|^
|^|13|2-2|^|T,#6|T||T=24
|^|21|^|^|^|T||T=28
|^|23|^|^|^|T||T=29
|^|24|^|^|^|T||T=30
|^|25|^|^|^|T||T=31
|Upsample|1|1-1|^|T|T|height_scale:1!,mode:3,width_scale:1!|T=93
|^|7|^|^|T|T|mode:3,scales:6!|T=25
|^|9|2-2|^|T,#23|T|mode:3|^
|^|10x|^|^|^|T|^|^
|Where|9|3-3|^|B,T,T|T||B=7,T=25
|^|16|^|^|^|T||B=7,T=24
|Xor|1|2-2|^|T,T|T1|axis:2,broadcast:2|T=7,T1=7
|^|7|^|^|^|^||^
ai.onnx.ml|ArrayFeatureExtractor|1|^|^|T,#6|T||T=94
^|Binarizer|1|1-1|^|T|T|threshold:1|T=95
^|CastMap|1|^|^|T1|T2|cast_to:3,map_form:3,max_map:2|T1=96,T2=97
^|CategoryMapper|1|^|^|^|^|cats_int64s:7,cats_strings:8,default_int64:2,default_string:3|T1=98,T2=98
^|DictVectorizer|1|^|^|^|^|int64_vocabulary:7,string_vocabulary:8|T1=99,T2=100
^|FeatureVectorizer|1|1-|^|T1*|#23|inputdimensions:7|T1=95
^|Imputer|1|1-1|^|T|T|imputed_value_floats:6,imputed_value_int64s:7,replaced_value_float:1,replaced_value_int64:2|T=95
^|LabelEncoder|1|^|^|T1|T2|classes_strings:8,default_int64:2,default_string:3|T1=98,T2=98
^|^|2|^|^|^|^|default_float:1,default_int64:2,default_string:3,keys_floats:6,keys_int64s:7,keys_strings:8,values_floats:6,values_int64s:7,values_strings:8|T1=97,T2=97
^|^|4|^|^|^|^|default_float:1,default_int64:2,default_string:3,default_tensor:4,keys_floats:6,keys_int64s:7,keys_strings:8,keys_tensor:4,values_floats:6,values_int64s:7,values_strings:8,values_tensor:4|T1=101,T2=101
^|LinearClassifier|1|^|2-2|^|T2,#23|classlabels_ints:7,classlabels_strings:8,coefficients:6!,intercepts:6,multi_class:2,post_transform:3|T1=95,T2=98
^|LinearRegressor|1|^|1-1|T|#23|coefficients:6,intercepts:6,post_transform:3,targets:2|T=95
^|Normalizer|1|^|^|T|^|norm:3|^
^|OneHotEncoder|1|^|^|T|^|cats_int64s:7,cats_strings:8,zeros:2|T=94
^|SVMClassifier|1|^|2-2|T1|T2,#23|classlabels_ints:7,classlabels_strings:8,coefficients:6,kernel_params:6,kernel_type:3,post_transform:3,prob_a:6,prob_b:6,rho:6,support_vectors:6,vectors_per_class:7|T1=95,T2=98
^|SVMRegressor|1|^|1-1|T|#23|coefficients:6,kernel_params:6,kernel_type:3,n_supports:2,one_class:2,post_transform:3,rho:6,support_vectors:6|T=95
^|Scaler|1|^|^|T|^|offset:6,scale:6|^
^|TreeEnsemble|5|^|^|T|T|aggregate_function:2,leaf_targetids:7!,leaf_weights:4!,membership_values:4,n_targets:2,nodes_falseleafs:7!,nodes_falsenodeids:7!,nodes_featureids:7!,nodes_hitrates:4,nodes_missing_value_tracks_true:7,nodes_modes:4!,nodes_splits:4!,nodes_trueleafs:7!,nodes_truenodeids:7!,post_transform:2,tree_roots:7!|T=0
^|TreeEnsembleClassifier|1|^|2-2|T1|T2,#23|base_values:6,class_ids:7,class_nodeids:7,class_treeids:7,class_weights:6,classlabels_int64s:7,classlabels_strings:8,nodes_falsenodeids:7,nodes_featureids:7,nodes_hitrates:6,nodes_missing_value_tracks_true:7,nodes_modes:8,nodes_nodeids:7,nodes_treeids:7,nodes_truenodeids:7,nodes_values:6,post_transform:3|T1=95,T2=98
^|^|3|^|^|^|^|base_values:6,base_values_as_tensor:4,class_ids:7,class_nodeids:7,class_treeids:7,class_weights:6,class_weights_as_tensor:4,classlabels_int64s:7,classlabels_strings:8,nodes_falsenodeids:7,nodes_featureids:7,nodes_hitrates:6,nodes_hitrates_as_tensor:4,nodes_missing_value_tracks_true:7,nodes_modes:8,nodes_nodeids:7,nodes_treeids:7,nodes_truenodeids:7,nodes_values:6,nodes_values_as_tensor:4,post_transform:3|^
^|^|5x|^|^|^|^|^|^
^|TreeEnsembleRegressor|1|^|1-1|T|#23|aggregate_function:3,base_values:6,n_targets:2,nodes_falsenodeids:7,nodes_featureids:7,nodes_hitrates:6,nodes_missing_value_tracks_true:7,nodes_modes:8,nodes_nodeids:7,nodes_treeids:7,nodes_truenodeids:7,nodes_values:6,post_transform:3,target_ids:7,target_nodeids:7,target_treeids:7,target_weights:6|T=95
^|^|3|^|^|T|^|aggregate_function:3,base_values:6,base_values_as_tensor:4,n_targets:2,nodes_falsenodeids:7,nodes_featureids:7,nodes_hitrates:6,nodes_hitrates_as_tensor:4,nodes_missing_value_tracks_true:7,nodes_modes:8,nodes_nodeids:7,nodes_treeids:7,nodes_truenodeids:7,nodes_values:6,nodes_values_as_tensor:4,post_transform:3,target_ids:7,target_nodeids:7,target_treeids:7,target_weights:6,target_weights_as_tensor:4|^
^|^|5x|^|^|T|^|^|^
^|ZipMap|1|^|^|#23|T|classlabels_int64s:7,classlabels_strings:8|T=102`
