// SPDX-License-Identifier: MIT
// Models become the networks that they describe, and those that cannot are refused by one sentence.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernels/model/measure.h"
#include "kernels/model/model.h"
#include "tests/model_writer.h"
#include "tests/support.h"

static char folder[] = "/tmp/warpreel-model-XXXXXX";
static char onnx[sizeof folder + 16], ncnn[sizeof folder + 16], weights[sizeof folder + 16];

static void make_folder(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(onnx, sizeof onnx, "%s/m.onnx", folder);
    snprintf(ncnn, sizeof ncnn, "%s/m.param", folder);
    snprintf(weights, sizeof weights, "%s/m.bin", folder);
}

static void remove_folder(void)
{
    remove(onnx);
    remove(ncnn);
    remove(weights);
    rmdir(folder);
}

// ---- a network in words, one line for each layer

static const char *const kinds[] = {
    [WR_LAYER_CONV] = "conv",
    [WR_LAYER_CONV_TRANSPOSE] = "transposed",
    [WR_LAYER_PER_VALUE] = "each",
    [WR_LAYER_ADD] = "add",
    [WR_LAYER_SUBTRACT] = "subtract",
    [WR_LAYER_MULTIPLY] = "multiply",
    [WR_LAYER_DEPTH_TO_SPACE] = "to-space",
    [WR_LAYER_SPACE_TO_DEPTH] = "to-depth",
    [WR_LAYER_RESIZE_NEAREST] = "nearest",
    [WR_LAYER_RESIZE_LINEAR] = "linear",
    [WR_LAYER_CONCAT] = "concat",
    [WR_LAYER_SLICE] = "slice",
    [WR_LAYER_PAD] = "pad",
};
static const char *const activations[] = {"",         " relu", " prelu", " clip",
                                          " sigmoid", " tanh", " swish"};

static void print_list(FILE *to, const char *name, const float *values, int count)
{
    for (int n = 0; values && n < count; n++)
        fprintf(to, "%s%g", n ? "," : name, (double)values[n]);
}

static void print_layer(FILE *to, const struct wr_network *network, const struct wr_layer *l)
{
    fprintf(to, "%s", kinds[l->kind]);
    for (int k = 0; k < l->inputs; k++)
        fprintf(to, "%c%d", k ? ',' : ' ', l->in[k]);
    fprintf(to, " = %dx%dx%d", l->out.channels, l->out.width, l->out.height);
    if (l->weights) {
        const int in =
            l->in[0] ? network->layers[l->in[0] - 1].out.channels : network->input.channels;
        fprintf(to, " kernel %dx%d from %d,%d stride %d", l->kernel_width, l->kernel_height,
                l->left, l->top, l->stride);
        print_list(to, " w ", l->weights,
                   in * l->out.channels * l->kernel_width * l->kernel_height);
    }
    print_list(to, " b ", l->bias, l->out.channels);
    print_list(to, l->constant_first ? " left " : " right ", l->constant, l->out.channels);
    if (l->factor)
        fprintf(to, " by %d%s%s%s", l->factor, l->column_major ? " dcr" : "",
                l->align_corners ? " corners" : "", l->half_pixel ? " half" : "");
    if (l->kind == WR_LAYER_SLICE)
        fprintf(to, " from %d,%d,%d", l->first, l->left, l->top);
    if (l->kind == WR_LAYER_PAD)
        fprintf(to, " from %d,%d edge %d value %g", l->left, l->top, l->edge, (double)l->value);
    fprintf(to, "%s", activations[l->activation]);
    print_list(to, " ", l->slope, l->out.channels);
    if (l->activation == WR_ACTIVATION_CLIP)
        fprintf(to, " %g to %g", (double)l->low, (double)l->high);
    fprintf(to, "\n");
}

// What becomes of the file at `path` for pictures of 8x6: a network in words or a sentence without
// the file's name. The caller's to free.
static char *resolve(const char *path)
{
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    struct wr_model_file *model;
    struct wr_network *network = NULL;
    struct wr_error error = {0};
    enum wr_status status = wr_model_open(&model, path, &error);
    ck_assert_int_eq(!status, model != NULL);
    if (!status)
        status = wr_network_open(&network, model, 8, 6, &error);
    ck_assert_int_eq(!status, network != NULL);
    wr_model_close(&model);
    for (int n = 0; network && n < network->count; n++)
        print_layer(to, network, &network->layers[n]);
    if (status) {
        ck_assert_int_eq(status, WR_USAGE);
        const char *const sentence = strstr(error.text, "': ");
        ck_assert_msg(sentence != NULL, "%s", error.text);
        fprintf(to, "%s", sentence + 3);
    }
    wr_network_close(&network);
    fclose(to);
    return text;
}

static void check(const char *path, const char *model, const char *expected)
{
    char *const found = resolve(path);
    ck_assert_msg(!strcmp(found, expected), "%s\nbecomes\n%s\nnot\n%s", model, found, expected);
    free(found);
}

#define GRAY "input x 1 1 0 0\noutput y\n"
#define COLOR "input x 1 3 0 0\noutput y\n"
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
    {GRAY "float s 4 1 1 2 2\nResize r x,-,s -> y mode=nearest", "nearest 0 = 1x16x12 by 2\n"},
    {GRAY "int s 4 1 1 18 24\nResize r x,-,-,s -> y mode=linear "
          "coordinate_transformation_mode=align_corners",
     "linear 0 = 1x24x18 by 3 corners\n"},
    {GRAY "float s 4 1 1 2 2\nResize r x,-,s -> y mode=linear", "linear 0 = 1x16x12 by 2 half\n"},
    {GRAY "Identity i x -> y", "each 0 = 1x8x6\n"},
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
    check(onnx, networks[_i].model, networks[_i].expected);
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
    {GRAY "float s 4 1 1 2 2\nResize r x,-,s -> y mode=cubic",
     "node 'r' (Resize): mode cubic is not supported, only nearest and linear"},
    {GRAY "float s 4 1 1 0.5 0.5\nResize r x,-,s -> y",
     "node 'r' (Resize): sizes are supported that grow by one whole number up to 64"},
    {GRAY "float s 4 1 1 nan 2\nResize r x,-,s -> y",
     "node 'r' (Resize): sizes are supported that grow by one whole number up to 64"},
    {GRAY "int p 8 0 0 6 0 0 0 0 0\nPad p x,p -> y mode=reflect",
     "node 'p' (Pad): pictures of 8x6 are too small to be mirrored so far"},
    {GRAY "int p 8 0 0 9223372036854775807 0 0 0 0 0\nPad p x,p -> y",
     "node 'p' (Pad): it adds 9223372036854775807 and 0, which is not supported"},
    {GRAY "int a 4 1 6 8 1\nReshape r x,a -> y",
     "node 'r' (Reshape): it rearranges values in a way that is not supported"},
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
    check(onnx, refused[_i].model, refused[_i].sentence);
}
END_TEST

// ---- ncnn

#define NCNN "7767517\n3 3\n"

static const struct {
    const char *layers, *weights, *expected;
} texts[] = {
    {NCNN "Input in 0 1 x 0=8 1=6 2=2\nConvolution c 1 1 x y 0=1 1=2 11=1 5=1 6=4 9=2 -23310=1,0.5",
     "h4 1", "conv 0 = 1x7x6 kernel 2x1 from 0,0 stride 1 w 1,3,2,4 b 5 prelu 0.5\n"},
    {NCNN "Input in 0 1 x\r\nConvolution c 1 1 x y 0=2 1=3 4=1 6=18 9=1\r\n", "m18",
     "conv 0 = 2x8x6 kernel 3x3 from 1,1 stride 1 w 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18 "
     "b 0,0 relu\n"},
    {NCNN "Input in 0 1 x 2=1\nDeconvolution d 1 1 x y 0=2 1=1 3=2 4=0 18=1 6=2", "m2",
     "transposed 0 = 2x16x11 kernel 1x1 from 0,0 stride 2 w 1,2 b 0,0\n"},
    {NCNN "Input in 0 1 x 2=2\nDeconvolution d 1 1 x y 0=2 1=1 6=4", "m4",
     "transposed 0 = 2x8x6 kernel 1x1 from 0,0 stride 1 w 1,2,3,4 b 0,0\n"},
    {NCNN "Input in 0 1 x 2=4\nSplit s 1 2 x a b\nPixelShuffle p 1 1 a c 0=2\n"
          "Interp i 1 1 b d 0=1 1=2.0 2=2.000000e+00\nConcat j 1 1 d e\n"
          "Slice k 1 4 e f g h m -23300=4,-233,-233,-233,-233\nEltwise l 5 1 c f g h m y 0=1",
     "",
     "to-space 0 = 1x16x12 by 2\nnearest 0 = 4x16x12 by 2\nconcat 2 = 4x16x12\n"
     "slice 3 = 1x16x12 from 0,0,0\nslice 3 = 1x16x12 from 1,0,0\n"
     "slice 3 = 1x16x12 from 2,0,0\nslice 3 = 1x16x12 from 3,0,0\n"
     "add 1,4 = 1x16x12\nadd 8,5 = 1x16x12\nadd 9,6 = 1x16x12\nadd 10,7 = 1x16x12\n"},
    {NCNN "Input in 0 1 x 2=1\nSplit s 1 2 x a b\nEltwise e 2 1 a b y 0=1 -23301=2,1.0,0.5", "",
     "multiply 0 = 1x8x6 right 0.5\nadd 0,1 = 1x8x6\n"},
    {NCNN "Input in 0 1 x 2=3\nMemoryData m 0 1 k 0=1 1=1 2=3\nBinaryOp b 2 1 x k z 0=1\n"
          "BinaryOp d 1 1 z y 0=7 1=1 2=0.5",
     "3", "subtract 0 = 3x8x6 right 1,2,3\nsubtract 1 = 3x8x6 left 0.5,0.5,0.5\n"},
    {NCNN "Input in 0 1 x 2=2\nPReLU p 1 1 x y 0=2", "2", "each 0 = 2x8x6 prelu 1,2\n"},
    {NCNN "Input in 0 1 x 2=2\nReLU p 1 1 x a\nClip c 1 1 a b 0=0.0 1=1.0\nSwish s 1 1 b c\n"
          "Sigmoid t 1 1 c d\nTanH u 1 1 d y",
     "",
     "each 0 = 2x8x6 relu\neach 1 = 2x8x6 clip 0 to 1\neach 2 = 2x8x6 swish\n"
     "each 3 = 2x8x6 sigmoid\neach 4 = 2x8x6 tanh\n"},
    {NCNN "Input in 0 1 x 2=3\nCrop c 1 1 x a -23309=1,1 -23310=1,3 -23311=1,0\n"
          "Padding p 1 1 a y 0=1 1=0 2=2 3=0 4=1",
     "", "slice 0 = 2x8x6 from 1,0,0\npad 1 = 2x10x7 from 2,1 edge 2 value 0\n"},
    {NCNN "Input in 0 1 x 2=3\nCrop c 1 1 x y 0=1 1=2 3=5 4=-233 7=1", "",
     "slice 0 = 3x5x3 from 0,1,2\n"},
    {NCNN "Input in 0 1 x 2=1\nReorg r 1 1 x a 0=2 1=1\nInterp i 1 1 a y 0=2 1=2 2=2", "",
     "to-depth 0 = 4x4x3 by 2 dcr\nlinear 1 = 4x8x6 by 2 half\n"},
    // Refused.
    {"7767518\n", "", "it does not begin with 7767517, as ncnn's .param files do"},
    {NCNN, "", "it has no input"},
    {NCNN "Input in 0 1 x\nReLU r 1 1 x y", "", "it does not say how many channels it takes"},
    {NCNN "Input in 0 1 x 2=1\nPooling p 1 1 x y 0=1 4=1", "",
     "layer 'p' (Pooling): this layer is not supported"},
    {NCNN "Input in 0 1 x 2=1\nInput j 0 1 z 2=1", "",
     "layer 'j' (Input): it is a second input, and one is supported"},
    {NCNN "Input in 0 1 x 2=1\nReLU r 1 1 z y", "",
     "node 'r' (ReLU): reads 'z', which nothing before it makes"},
    {NCNN "Input in 0 1 x 2=1\nReLU r 1 1 x a\nReLU s 1 1 x b", "",
     "it has 2 outputs, one is supported"},
    {NCNN "Input in 0 1 x 2=1\nReLU r 1 9 x", "",
     "layer 'r' (ReLU): the line ends within its inputs and outputs"},
    {NCNN "Input in 0 1 x 2=1\nReLU r -1 1 x", "",
     "layer 'r' (ReLU): it has no count of inputs and outputs up to 4096"},
    {NCNN "Input in 0 1 x 2=1\nReLU r 1 1 x y 0=one", "",
     "layer 'r' (ReLU): its parameter '0=one' is no number"},
    {NCNN "Input in 0 1 x 2=1\nReLU r 1 1 x y 99=1", "",
     "layer 'r' (ReLU): its parameter '99=1' is not supported"},
    {NCNN "Input in 0 1 x 2=1\nReLU r 1 1 x y -23300=7000000000,1", "",
     "layer 'r' (ReLU): its parameter '-23300=7000000000,1' has not as many numbers as it says"},
    {NCNN "Input in 0 1 x 2=1\nConvolution c 1 1 x y 0=1 1=3 6=9", "m8",
     "layer 'c' (Convolution): the file of weights ends within its weights"},
    {NCNN "Input in 0 1 x 2=1\nConvolution c 1 1 x y 0=1 1=3 6=9", "m11",
     "its file of weights holds 8 bytes that no layer uses"},
    {NCNN "Input in 0 1 x 2=1\nConvolution c 1 1 x y 0=1 1=3 6=2000000000", "m9",
     "layer 'c' (Convolution): its parameters give no number of weights"},
    {NCNN "Input in 0 1 x 2=1\nConvolution c 1 1 x y 0=-1 1=3 6=9", "m9",
     "layer 'c' (Convolution): its parameters give no number of weights"},
    {NCNN "Input in 0 1 x 2=1\nConvolution c 1 1 x y 0=1 1=1 6=1", "1 1",
     "layer 'c' (Convolution): its weights are neither float32 nor float16"},
    {NCNN "Input in 0 1 x 2=1\nInterp i 1 1 x y 0=3 1=2 2=2", "",
     "layer 'i' (Interp): bicubic interpolation is not supported"},
    {NCNN "Input in 0 1 x 2=1\nCrop c 2 1 x x y 0=4 1=4", "",
     "layer 'c' (Crop): it is supported with one input only"},
};

START_TEST(ncnn_says_the_same_in_other_words)
{
    write_bytes(ncnn, texts[_i].layers, (int)strlen(texts[_i].layers));
    write_ncnn_weights(weights, texts[_i].weights);
    check(ncnn, texts[_i].layers, texts[_i].expected);
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
        check(onnx, "a truncated file", "it is no ONNX file, or it is truncated or damaged");
    }
}
END_TEST

START_TEST(other_files_are_refused)
{
    struct wr_error error;
    struct wr_model_file *model;
    write_bytes(onnx, "RIFF....AVI LIST", 16);
    check(onnx, "an AVI file", "it is no ONNX file, or it is truncated or damaged");
    write_bytes(ncnn, "7767517\n\0", 9);
    check(ncnn, "a text with a NUL", "it is no text, as ncnn's .param files are");
    ck_assert_int_eq(wr_model_open(&model, "/nowhere/m.onnx", &error), WR_USAGE);
    ck_assert_str_eq(error.text, "cannot read model '/nowhere/m.onnx': No such file or directory");
    ck_assert_ptr_null(model);
    ck_assert_int_eq(wr_model_open(&model, "/tmp", &error), WR_USAGE);
    ck_assert_ptr_nonnull(strstr(error.text, "it is no file of at most"));
    ck_assert_int_eq(wr_model_open(&model, "/dev/zero", NULL), WR_USAGE);
    // The weights of an ncnn model are missing.
    remove(weights);
    write_bytes(ncnn, NCNN, sizeof NCNN - 1);
    ck_assert_int_eq(wr_model_open(&model, ncnn, &error), WR_USAGE);
    ck_assert_ptr_nonnull(strstr(error.text, "m.bin': No such file or directory"));
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
    tcase_add_loop_test(cases, ncnn_says_the_same_in_other_words, 0, COUNT(texts));
    tcase_add_test(cases, truncated_files_are_refused);
    tcase_add_test(cases, other_files_are_refused);
    tcase_add_loop_test(cases, costs_are_counted, 0, COUNT(costs));
    suite_add_tcase(suite, cases);
    return test_main(suite);
}
