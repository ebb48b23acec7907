# SPDX-License-Identifier: MIT
# Models whose weights are zeros, and files that are refused.
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

# One border pixel, and a name of which the end is shown from a whole character on.
write 'Convolution trunk/größer_ä_0123456789_ä1 1 1 x a 0=1 1=3 6=27
ReLU tail 1 1 a y' 112
warpreel --describe-model m.param
write 'Split all 1 1 x y' 0
sed -i 's/2=3/2=1/' m.param
warpreel --describe-model m.param
warpreel --describe-model m.param second.onnx
echo $?
warpreel --describe-model m.param --describe-model second.onnx
# An ONNX model of one node Relu, whose input is 33 wide and of any height.
printf '\010\010\072\067\012\022\012\001x\022\001y\042\004Relu\032\004onlyZ\034\012\001x\022\027\012\025'\
'\010\001\022\021\012\002\010\001\012\002\010\001\012\003\022\001h\012\002\010\041b\003\012\001yB'\
'\002\020\021' > wide.onnx
warpreel --describe-model wide.onnx
