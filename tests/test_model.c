// SPDX-License-Identifier: MIT
// ONNX models become the networks that they describe, or are refused by one sentence.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernels/model/measure.h"
#include "kernels/model/model.h"
#include "tests/model_words.h"
#include "tests/model_writer.h"
#include "tests/support.h"

static char folder[] = "/tmp/warpreel-model-XXXXXX";
static char onnx[sizeof folder + 16];

static void make_folder(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(onnx, sizeof onnx, "%s/m.onnx", folder);
}

static void remove_folder(void)
{
    remove(onnx);
    rmdir(folder);
}

#define GRAY "input x 1 1 0 0\noutput y\n"
#define COLOR "input x 1 3 0 0\noutput y\n"
#define ENLARGED                                                                                   \
    "Concat c x,x,x,x -> a axis=1\nDepthToSpace s a -> d blocksize=2 mode=CRD\n"                   \
    "float f 4 1 1 2 2\nResize r x,-,f -> e mode=nearest\n"
#define FOUR "input x 1 4 0 0\noutput y\n"

static const struct {
    const char *model, *expected;
} networks[] = {
    // Set A.
    {GRAY "float w 2x1x3x2\nfloat b 2 7 8\nConv c x,w,b -> z pads=1,0,1,1 kernel_shape=3,2\n"
          "Relu r z -> y",
     "conv 0 = 2x8x6 kernel 2x3 from 0,1 stride 1 w 1,2,3,4,5,6,7,8,9,10,11,12 b 7,8 relu\n"},
    {"input x 1 2 0 0\noutput y\nfloat w 1x2x1x2\nConv c x,w -> y",
     "conv 0 = 1x7x6 kernel 2x1 from 0,0 stride 1 w 1,3,2,4 b 0\n"},
    {GRAY "half w 1x1x2x2\nConv c x,w -> y auto_pad=SAME_UPPER",
     "conv 0 = 1x8x6 kernel 2x2 from 0,0 stride 1 w 1,2,3,4 b 0\n"},
    {GRAY "half w 1x1x2x2\nConv c x,w -> y auto_pad=SAME_LOWER",
     "conv 0 = 1x8x6 kernel 2x2 from 1,1 stride 1 w 1,2,3,4 b 0\n"},
    {"input x 1 2 0 0\noutput y\nfloat w 2x1x2x2\nfloat b 1 9\n"
     "ConvTranspose c x,w,b -> y strides=2,2",
     "transposed 0 = 1x16x12 kernel 2x2 from 0,0 stride 2 w 1,5,2,6,3,7,4,8 b 9\n"},
    {GRAY "float w 1x1x3x3\nConvTranspose c x,w -> y strides=2,2 pads=1,1,1,1 output_padding=1,1",
     "transposed 0 = 1x16x12 kernel 3x3 from 1,1 stride 2 w 1,2,3,4,5,6,7,8,9 b 0\n"},
    {GRAY "LeakyRelu l x -> y alpha=0.5", "each 0 = 1x8x6 prelu 0.5\n"},
    {COLOR "float s 3x1x1\nPRelu p x,s -> y", "each 0 = 3x8x6 prelu 1,2,3\n"},
    {GRAY "float l 1 0\nClip c x,l -> y", "each 0 = 1x8x6 clip 0 to inf\n"},
    {COLOR "float a 1x3x1x1\nSub s a,x -> y", "subtract 0 = 3x8x6 left 1,2,3\n"},
    {COLOR "float a 1 4\nDiv d x,a -> y", "multiply 0 = 3x8x6 right 0.25,0.25,0.25\n"},
    {GRAY "Tanh t x -> z\nMul m z,x -> y\n", "each 0 = 1x8x6 tanh\nmultiply 1,0 = 1x8x6\n"},
    {FOUR "DepthToSpace d x -> y blocksize=2 mode=CRD", "to-space 0 = 1x16x12 by 2\n"},
    {FOUR "DepthToSpace d x -> y blocksize=2", "to-space 0 = 1x16x12 by 2 dcr\n"},
    {FOUR "Add t x,x -> z\nDepthToSpace d z -> a blocksize=2\nRelu r a -> y",
     "add 0,0 = 4x8x6 relu\nto-space 1 = 1x16x12 by 2 dcr\n"},
    {FOUR "Add t x,x -> z\nDepthToSpace d z -> a blocksize=2\nLeakyRelu r a -> y alpha=0.5",
     "add 0,0 = 4x8x6\nto-space 1 = 1x16x12 by 2 dcr prelu 0.5\n"},
    // A sum after depth to space is one before it; not if somebody reads what was enlarged, too.
    {GRAY ENLARGED "Sub t e,d -> z\nTanh u z -> y",
     "concat 0,0,0,0 = 4x8x6\nrepeat 0 = 4x8x6 by 2\nsubtract 2,1 = 4x8x6 tanh\n"
     "to-space 3 = 1x16x12 by 2\n"},
    {GRAY ENLARGED "Add t d,e -> z\nAdd u z,e -> y",
     "concat 0,0,0,0 = 4x8x6\nto-space 1 = 1x16x12 by 2\nnearest 0 = 1x16x12 by 2\n"
     "add 2,3 = 1x16x12\nadd 4,3 = 1x16x12\n"},
    {GRAY "float s 4 1 1 2 2\nResize r x,-,s -> y mode=nearest", "nearest 0 = 1x16x12 by 2\n"},
    {GRAY "int s 4 1 1 18 24\nResize r x,-,-,s -> y mode=linear "
          "coordinate_transformation_mode=align_corners",
     "linear 0 = 1x24x18 by 3 corners\n"},
    {GRAY "float s 4 1 1 2 2\nResize r x,-,s -> y mode=linear", "linear 0 = 1x16x12 by 2 half\n"},
    {GRAY "Identity i x -> y", "each 0 = 1x8x6\n"},
    {GRAY "float s 4 1 1 0.5 0.5\nResize r x,-,s -> y mode=cubic cubic_coeff_a=0.0",
     "pad 0 = 1x12x10 from 2,2 edge 2 value 0\nto-depth 1 = 4x6x5 by 2\n"
     "conv 2 = 1x4x3 kernel 3x3 from 0,0 stride 1 w 0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,"
     "0.25,0.25,0.25,0.25,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0 b 0\n"},
    // Set B.
    {GRAY "Sigmoid s x -> z\nMul m x,z -> y", "each 0 = 1x8x6 swish\n"},
    {GRAY "Concat c x,x -> z axis=1\nSigmoid s z -> y", "concat 0,0 = 2x8x6 sigmoid\n"},
    {GRAY "int p 8 0 0 1 2 0 0 3 4\nPad p x,p -> y mode=reflect",
     "pad 0 = 1x14x10 from 2,1 edge 1 value 0\n"},
    {GRAY "int p 8 0 0 1 2 0 0 3 4\nfloat v 1 5\nPad p x,p,v -> y",
     "pad 0 = 1x14x10 from 2,1 edge 0 value 5\n"},
    {COLOR "int a 2 1 -5\nint b 2 3 9223372036854775807\nint c 2 1 3\nSlice s x,a,b,c -> y",
     "slice 0 = 2x5x6 from 1,3,0\n"},
    {GRAY "SpaceToDepth s x -> y blocksize=2", "to-depth 0 = 4x4x3 by 2 dcr\n"},
    {FOUR "Split s x -> a,b axis=1\nAdd t a,b -> y",
     "slice 0 = 2x8x6 from 0,0,0\nslice 0 = 2x8x6 from 2,0,0\nadd 1,2 = 2x8x6\n"},
    // Other ways to say the same.
    {FOUR "int a 6 1 1 2 2 6 8\nint b 4 1 1 12 16\nReshape r x,a -> p\n"
          "Transpose t p -> q perm=0,1,4,2,5,3\nReshape s q,b -> y",
     "to-space 0 = 1x16x12 by 2\n"},
    {FOUR "int a 6 1 2 2 1 6 8\nint b 4 0 1 12 -1\nReshape r x,a -> p\n"
          "Transpose t p -> q perm=0,3,4,1,5,2\nReshape s q,b -> y",
     "to-space 0 = 1x16x12 by 2 dcr\n"},
    {GRAY "int one 1 1\nint two 1 2\nint i 1 2\nint j 1 3\nShape s x -> s\nGather g s,i -> h\n"
          "Gather k s,j -> w\nDiv d h,two -> hh\nDiv e w,two -> ww\n"
          "Concat c one,one,hh,two,ww,two -> a axis=0\nReshape r x,a -> p\n"
          "Transpose t p -> q perm=0,1,3,5,2,4\nMul m two,two -> four\n"
          "Concat f one,four,hh,ww -> b axis=0\nReshape o q,b -> y",
     "to-depth 0 = 4x4x3 by 2\n"},
    {GRAY "float w 1x1x1x1 2\nfloat b 1 3\nfloat s 1 8\nfloat t 1 1\nfloat m 1 2\nfloat v 1 4\n"
          "Conv c x,w,b -> z\nBatchNormalization n z,s,t,m,v -> y epsilon=0.0",
     "conv 0 = 1x8x6 kernel 1x1 from 0,0 stride 1 w 8 b 5\n"},
    // A name that changes nothing between both is no reader.
    {GRAY "float w 1x1x1x1 2\nfloat s 1 8\nfloat t 1 1\nfloat m 1 2\nfloat v 1 4\n"
          "Conv c x,w -> z\nIdentity i z -> k\nBatchNormalization n k,s,t,m,v -> y epsilon=0.0",
     "conv 0 = 1x8x6 kernel 1x1 from 0,0 stride 1 w 8 b -7\n"},
    // Nobody reads the first one; the activation of the second is read by both.
    {GRAY "Tanh t x -> a\nRelu r x -> b\nTanh u b -> c\nAdd s b,c -> y",
     "each 0 = 1x8x6 relu\neach 1 = 1x8x6 tanh\nadd 1,2 = 1x8x6\n"},
    // Shape arithmetic: rows of pads turned around, as PyTorch writes them.
    {GRAY "int p 4 1 2 3 4\nint n 1 4\nint z 1 0\nint f 1 -1\nint e 1 -9223372036854775807\n"
          "int g 2 -1 2\nConstantOfShape k n -> k\nConcat c p,k -> q axis=0\nReshape r q,g -> t\n"
          "Slice s t,f,e,z,f -> u\nTranspose v u -> v perm=1,0\nReshape w v,f -> m\n"
          "Cast o m -> o to=7\nPad l x,o -> y",
     "pad 0 = 1x11x13 from 1,3 edge 0 value 0\n"},
    {GRAY "opset 11\nint s 2 6 8\nUnsqueeze u s -> t axes=0,1\nSqueeze v t -> z\n"
          "int o 2 1 1\nConcat c o,z -> q axis=0\nReshape r x,q -> a\nRelu l a -> y",
     "each 0 = 1x8x6 relu\n"},
};

START_TEST(networks_are_what_files_describe)
{
    write_onnx(onnx, networks[_i].model);
    check_model(onnx, networks[_i].model, networks[_i].expected);
}
END_TEST

static const struct {
    const char *model, *sentence;
} refused[] = {
    {GRAY "GlobalAveragePool g x -> y",
     "node 'g' (GlobalAveragePool): this operator is not supported"},
    {GRAY "Relu r z -> y", "node 'r' (Relu): reads 'z', which nothing before it makes"},
    {GRAY "Add a x,y -> y", "node 'a' (Add): reads 'y', which nothing before it makes"},
    {GRAY "Add a x,q -> p\nRelu r p -> q\nRelu s q -> y",
     "node 'a' (Add): reads 'q', which nothing before it makes"},
    {GRAY "Relu r x -> y\nTanh t x -> y", "'y' is made twice"},
    {GRAY "Relu r x -> x", "'x' is made twice"},
    {GRAY "Relu r x -> z", "nothing makes its output"},
    {GRAY "Relu r", "node 'r' (Relu): it makes nothing"},
    {"output y\nfloat a 1\nIdentity i a -> y", "it has no input"},
    {"input x 1 1 0 0\ninput z 1 1 0 0\noutput y\nAdd a x,z -> y",
     "it has the inputs 'x' and 'z', but one picture is all that it would be given"},
    {"input x 1 1 0 0\noutput y\noutput z\nRelu r x -> y\nRelu s x -> z",
     "it has several outputs, 'y' and 'z'"},
    {"input x 1 64\noutput y\nRelu r x -> y",
     "the sizes of its input 'x' are not batch, channels, height, width"},
    {"input x 1 0 0 0\noutput y\nRelu r x -> y",
     "the sizes of its input 'x' are not batch, channels, height, width"},
    {"input x 1 1 -4 8\noutput y\nRelu r x -> y", "its input 'x' has a size of -4"},
    {"input x 1 1 6 9\noutput y\nRelu r x -> y", "it takes only pictures of 9x6, not of 8x6"},
    {"opset 10\n" GRAY "Relu r x -> y", "it is written for opset 10, supported are 11 to 23"},
    {"opset 24\n" GRAY "Relu r x -> y", "it is written for opset 24, supported are 11 to 23"},
    {GRAY "float w 1x1x3x3 nan\nConv c x,w -> y",
     "node 'c' (Conv): one of its weights is not a finite number"},
    {GRAY "half w 1x1x1x1 1e9\nConv c x,w -> y",
     "node 'c' (Conv): one of its weights is not a finite number"},
    {GRAY "float w 1x1x1x1\nfloat b 1 inf\nConv c x,w,b -> y",
     "node 'c' (Conv): one of its weights is not a finite number"},
    {GRAY "float s 1 -inf\nPRelu p x,s -> y",
     "node 'p' (PRelu): one of its weights is not a finite number"},
    {GRAY "float w 1x1x3x3\nConv c x,w -> y strides=2,2",
     "node 'c' (Conv): strides of 2 is not supported, only 1"},
    {GRAY "float w 1x1x3x3\nConv c x,w -> y dilations=1,2",
     "node 'c' (Conv): dilations of 2 is not supported, only 1"},
    {GRAY "float w 1x1x3x3\nConv c x,w -> y pads=1,1,1,-1",
     "node 'c' (Conv): pads of -1 is not supported, only 0 to 255"},
    {COLOR "float w 1x1x3x3\nConv c x,w -> y",
     "node 'c' (Conv): its weights are for 1 channels, but it is given 3"},
    {GRAY "float w 1x1x9x9\nConv c x,w -> y",
     "node 'c' (Conv): pictures of 8x6 are too small for this model"},
    {GRAY "float w 1x1x300x1\nConv c x,w -> y",
     "node 'c' (Conv): a kernel of 1x300 is not supported, only up to 255"},
    {GRAY "float w 3x3\nConv c x,w -> y",
     "node 'c' (Conv): its weights are missing or have not four axes"},
    {GRAY "float w 1x1x3x3\nfloat b 2\nConv c x,w,b -> y",
     "node 'c' (Conv): its bias is not one value for each of 1 channels"},
    {GRAY "Conv c x,x -> y", "node 'c' (Conv): its input 2 has to be a constant"},
    {GRAY "float w 0x1x3x3\nConv c x,w -> y",
     "node 'c' (Conv): its weights are missing or have not four axes"},
    {GRAY "float w -1x1x3x3\nConv c x,w -> y",
     "constant 'w' has a negative size or more values than the file"},
    {GRAY "float w 65536x65536x3x3\nConv c x,w -> y",
     "constant 'w' has a negative size or more values than the file"},
    {GRAY "float w 1x1x1x1x1x1x1x1x1\nConv c x,w -> y", "constant 'w' has more than 8 sizes"},
    {GRAY "elsewhere w 1x1x3x3\nConv c x,w -> y",
     "constant 'w' is in another file, which is not supported"},
    {GRAY "float a 8\nAdd p x,a -> y",
     "node 'p' (Add): its constant is not one value for each of 1 channels"},
    {COLOR "float a 2x1x1\nAdd p x,a -> y",
     "node 'p' (Add): its constant is not one value for each of 3 channels"},
    {GRAY "float w 1x1x2x2\nConv c x,w -> z\nAdd a x,z -> y",
     "node 'a' (Add): its inputs differ in size: 1 channels of 8x6 and 1 of 7x5"},
    {GRAY "float a 1 0\nDiv d x,a -> y", "node 'd' (Div): it divides by zero"},
    {GRAY "Div d x,x -> y", "node 'd' (Div): division by a picture is not supported"},
    {GRAY "SpaceToDepth s x -> y blocksize=4",
     "node 's' (SpaceToDepth): pictures of 8x6 cannot be cut into squares of 4x4"},
    {GRAY "DepthToSpace s x -> y blocksize=-2",
     "node 's' (DepthToSpace): a block size of -2 is not supported, only 1 to 64"},
    {GRAY "float s 4 1 1 2 2\nResize r x,-,s -> y mode=area",
     "node 'r' (Resize): mode area with half_pixel is not supported"},
    {GRAY "float s 4 1 1 0.4 0.4\nResize r x,-,s -> y mode=cubic",
     "node 'r' (Resize): pictures of 8x6 cannot be cut into squares of 5x5"},
    {GRAY "float s 4 1 1 0.47 0.47\nResize r x,-,s -> y mode=cubic",
     "node 'r' (Resize): bicubic is supported by ratios of numbers up to 8"},
    {GRAY "float s 4 1 1 2 3\nResize r x,-,s -> y",
     "node 'r' (Resize): it does not change width and height alike"},
    {GRAY "float s 4 1 1 0.5 0.5\nResize r x,-,s -> y",
     "node 'r' (Resize): nearest and linear are supported by whole numbers up to 64"},
    {GRAY "float s 4 1 1 nan 2\nResize r x,-,s -> y",
     "node 'r' (Resize): it does not change width and height alike"},
    {GRAY "int p 8 0 0 6 0 0 0 0 0\nPad p x,p -> y mode=reflect",
     "node 'p' (Pad): pictures of 8x6 are too small to be mirrored so far"},
    {GRAY "int p 8 0 0 9223372036854775807 0 0 0 0 0\nPad p x,p -> y",
     "node 'p' (Pad): it adds 9223372036854775807 and 0, which is not supported"},
    {GRAY "int a 4 1 6 8 1\nReshape r x,a -> y",
     "node 'r' (Reshape): it rearranges values in a way that is not supported"},
    {"input x 1 1 6 0\noutput y\nint a 6 1 1 3 2 3 3\nReshape r x,a -> y",
     "node 'r' (Reshape): its new shape does not hold as many values as the old one; the model "
     "does not take pictures of 8x6 (perhaps it needs even sizes: put pad or scale before it)"},
    {GRAY "int a 1 5\nint s 1 2\nReshape r a,s -> z\nRelu t x -> y",
     "node 'r' (Reshape): its new shape does not hold as many values as the old one"},
    {FOUR "int a 6 1 2 2 2 3 8\nint b 4 1 1 12 16\nReshape r x,a -> p\n"
          "Transpose t p -> q perm=0,1,4,2,5,3\nReshape s q,b -> y",
     "node 's' (Reshape): it rearranges values in a way that is not supported"},
    {GRAY "int a 6 1 3 1 2 4 2\nint b 4 1 4 3 4\nReshape r x,a -> p\n"
          "Transpose t p -> q perm=0,1,3,5,2,4\nReshape s q,b -> y",
     "node 's' (Reshape): it rearranges values in a way that is not supported"},
    {GRAY "float w 1x1x1x1 2\nfloat s 1 8\nfloat t 1 1\nfloat m 1 2\nfloat v 1 4\n"
          "Conv c x,w -> z\nIdentity i z -> k\nBatchNormalization n k,s,t,m,v -> l\nAdd a z,l -> y",
     "node 'n' (BatchNormalization): it is supported only behind a convolution that nothing else "
     "reads"},
    {GRAY
     "float w 1x1x1x1 2\nfloat s 1 8\nfloat t 1 1\nfloat m 1 2\nfloat v 1 4\n"
     "Conv c x,w -> z\nBatchNormalization n z,s,t,m,v -> k\nBatchNormalization o z,s,t,m,v -> l\n"
     "Add a k,l -> y",
     "node 'n' (BatchNormalization): it is supported only behind a convolution that nothing else "
     "reads"},
    {GRAY "Shape s x -> y", "its output 'y' is no picture"},
    {GRAY "float l 1 1\nfloat h 1 0\nClip c x,l,h -> y",
     "node 'c' (Clip): its limits 1 and 0 enclose nothing"},
    {GRAY "int a 1 1\nint b 1 0\nMod m a,b -> z\nRelu r x -> y",
     "node 'm' (Mod): it divides by zero"},
    {GRAY "int a 2 70000 70000\nConstantOfShape k a -> z\nRelu r x -> y",
     "node 'k' (ConstantOfShape): its result has too many values"},
    {GRAY "Transpose t x -> y perm=0,2,3,1",
     "node 't' (Transpose): it is supported only between two nodes Reshape"},
};

START_TEST(what_cannot_be_run_is_refused)
{
    write_onnx(onnx, refused[_i].model);
    check_model(onnx, refused[_i].model, refused[_i].sentence);
}
END_TEST

// ---- files that are none

// Whatever a file is cut to, there is one sentence, or what is left is a model.
START_TEST(truncated_files_are_refused)
{
    write_onnx(onnx, networks[0].model);
    char data[4096];
    FILE *file = fopen(onnx, "rb");
    const int size = (int)fread(data, 1, sizeof data, file);
    fclose(file);
    ck_assert_int_gt(size, 100);
    for (int n = 0; n < size; n++) {
        write_bytes(onnx, data, n);
        check_model(onnx, "a truncated file", "it is no ONNX file, or it is truncated or damaged");
    }
}
END_TEST

START_TEST(other_files_are_refused)
{
    struct wr_error error;
    struct wr_model_file *model;
    write_bytes(onnx, "RIFF....AVI LIST", 16);
    check_model(onnx, "an AVI file", "it is no ONNX file, or it is truncated or damaged");
    ck_assert_int_eq(wr_model_open(&model, "/nowhere/m.onnx", &error), WR_USAGE);
    ck_assert_str_eq(error.text, "cannot read model '/nowhere/m.onnx': No such file or directory");
    ck_assert_ptr_null(model);
    ck_assert_int_eq(wr_model_open(&model, "/tmp", &error), WR_USAGE);
    ck_assert_str_eq(error.text, "model '/tmp': it is a folder");
    ck_assert_int_eq(wr_model_open(&model, "/dev/zero", NULL), WR_USAGE);
    remove(onnx);
    ck_assert_int_eq(mkfifo(onnx, 0600), 0);
    check_model(onnx, "a pipe", "it is a pipe or a device, not a file");
    remove(onnx);
    write_bytes(onnx, "", 0);
    ck_assert_int_eq(truncate(onnx, (1 << 30) + 1), 0); // a hole takes no room
    check_model(onnx, "a large file", "it is larger than 1 GiB");
    remove(onnx);
}
END_TEST

static const struct {
    const char *ending, *hint;
} others[] = {
    {".bin", "; a .bin file holds the weights of an ncnn .param: name that"},
    {".BIN", "; a .bin file holds the weights of an ncnn .param: name that"},
    {".pb", "; TensorFlow's files are not read: convert the model to ONNX"},
    {".model", ""},
    {"", ""},
};

START_TEST(files_of_other_kinds_are_named)
{
    char path[sizeof folder + 16], sentence[256];
    snprintf(path, sizeof path, "%s/m%s", folder, others[_i].ending);
    snprintf(sentence, sizeof sentence, "it is no ONNX file, or it is truncated or damaged%s",
             others[_i].hint);
    write_bytes(path, "\0\0\0\0", 4);
    check_model(path, others[_i].ending, sentence);
    remove(path);
}
END_TEST

// ---- what networks cost

static const struct {
    const char *model;
    int64_t parameters;
    double macs, scale, live;
    int reach, border;
} costs[] = {
    {GRAY "float w 4x1x3x3\nConv c x,w -> z pads=1,1,1,1\nDepthToSpace d z -> y blocksize=2", 40,
     36, 2, 8, 1, 0},
    {GRAY "float w 1x1x5x5\nConv c x,w -> z\nRelu r z -> y", 26, 25, 1, 2, 2, 2},
    {GRAY "float w 1x3x2x2\nConvTranspose c x,w -> y strides=2,2", 15, 12, 2, 13, 0, 0},
    {GRAY "SpaceToDepth s x -> z blocksize=2\nfloat w 4x4x1x1\nConv c z,w -> a\n"
          "DepthToSpace d a -> y blocksize=2",
     20, 4, 1, 2, 1, 0},
    {GRAY "float s 4 1 1 2 2\nResize r x,-,s -> y mode=linear", 0, 0, 2, 5, 1, 0},
    {GRAY "Relu r x -> a\nAdd s a,x -> y", 0, 0, 1, 2, 0, 0},
};

START_TEST(costs_are_counted)
{
    struct wr_model_file *model;
    struct wr_network *network;
    struct wr_network_facts facts;
    write_onnx(onnx, costs[_i].model);
    ck_assert_int_eq(wr_model_open(&model, onnx, NULL), WR_OK);
    ck_assert_int_eq(wr_network_open(&network, model, 64, 64, NULL), WR_OK);
    ck_assert(wr_network_measure(network, &facts));
    ck_assert_int_eq(facts.parameters, costs[_i].parameters);
    ck_assert_double_eq(facts.macs, costs[_i].macs);
    ck_assert_double_eq(facts.scale, costs[_i].scale);
    ck_assert_double_eq(facts.live, costs[_i].live);
    ck_assert_int_eq(facts.reach, costs[_i].reach);
    ck_assert_int_eq(facts.border, costs[_i].border);
    wr_network_close(&network);
    wr_model_close(&model);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

int main(void)
{
    Suite *suite = suite_create("model");
    TCase *cases = tcase_create("model");
    tcase_add_unchecked_fixture(cases, make_folder, remove_folder);
    tcase_add_loop_test(cases, networks_are_what_files_describe, 0, COUNT(networks));
    tcase_add_loop_test(cases, what_cannot_be_run_is_refused, 0, COUNT(refused));
    tcase_add_test(cases, truncated_files_are_refused);
    tcase_add_test(cases, other_files_are_refused);
    tcase_add_loop_test(cases, files_of_other_kinds_are_named, 0, COUNT(others));
    tcase_add_loop_test(cases, costs_are_counted, 0, COUNT(costs));
    suite_add_tcase(suite, cases);
    return test_main(suite);
}
