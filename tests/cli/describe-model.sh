# SPDX-License-Identifier: MIT
# A model of two layers whose weights are zeros, and models that are refused.
write() {
    printf '7767517\n3 3\nInput in 0 1 x 2=3\n%s\n' "$1" > m.param
    head -c "$2" /dev/zero > m.bin
}
write 'Convolution head 1 1 x a 0=12 1=3 4=1 5=1 6=324 9=1
PixelShuffle tail 1 1 a y 0=2' 1348
warpreel --describe-model m.param
write 'Pooling whole 1 1 x y 0=1 4=1' 0
warpreel --describe-model m.param
echo $?
warpreel --describe-model nowhere.onnx
echo $?
warpreel --describe-model m.bin
