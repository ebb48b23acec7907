// SPDX-License-Identifier: MIT
// ncnn's models become the networks that they describe, or are refused by one sentence.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernels/model/model.h"
#include "tests/model_words.h"
#include "tests/model_writer.h"
#include "tests/support.h"

static char folder[] = "/tmp/warpreel-ncnn-XXXXXX";
static char ncnn[sizeof folder + 16], weights[sizeof folder + 16];

static void make_folder(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(ncnn, sizeof ncnn, "%s/m.param", folder);
    snprintf(weights, sizeof weights, "%s/m.bin", folder);
}

static void remove_folder(void)
{
    remove(ncnn);
    remove(weights);
    rmdir(folder);
}

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
    {NCNN "Input in 0 1 x 2=3\nCrop c 1 1 x y 0=1 8=-2147483648", "",
     "slice 0 = 3x7x6 from 0,1,0\n"},
    {NCNN "Input in 0 1 x 2=1\nReorg r 1 1 x a 0=2 1=1\nInterp i 1 1 a y 0=2 1=2 2=2", "",
     "to-depth 0 = 4x4x3 by 2 dcr\nlinear 1 = 4x8x6 by 2 half\n"},
    {NCNN "Input in 0 1 x 2=4\nSlice k 1 3 x a b c -23300=3,1,1,-233\nConcat j 3 1 c a b y", "",
     "slice 0 = 1x8x6 from 0,0,0\nslice 0 = 1x8x6 from 1,0,0\nslice 0 = 2x8x6 from 2,0,0\n"
     "concat 3,1,2 = 4x8x6\n"},
    {NCNN "Input in 0 1 x 2=5\nSlice k 1 2 x a b -23300=2,-233,-233\nConcat j 2 1 a b y", "",
     "slice 0 = 2x8x6 from 0,0,0\nslice 0 = 3x8x6 from 2,0,0\nconcat 1,2 = 5x8x6\n"},
    // Refused.
    {NCNN "Input in 0 1 x 2=4\nSlice k 1 2 x a b -23300=2,4,-233\nConcat j 2 1 a b y", "",
     "node 'k' (Slice): nothing is left of its picture"},
    {NCNN "Input in 0 1 x 2=4\nSlice k 1 3 x a b c -23300=3,1,-233,2\nConcat j 3 1 a b c y", "",
     "layer 'k' (Slice): its list of sizes is not supported: only the last, or all, may be -233"},
    {"7767518\n", "", "it does not begin with 7767517, as ncnn's .param files do"},
    {NCNN, "", "it has no input"},
    {NCNN "Input in 0 1 x\nReLU r 1 1 x y", "", "it does not say how many channels it takes"},
    {NCNN "Input in 0 1 x\nInterp i 1 1 x y 0=2 1=2 2=2", "",
     "it does not say how many channels it takes"},
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
    {NCNN "Input in 0 1 x 2=1\nInterp i 1 1 x y 0=3 3=2 4=2", "",
     "layer 'i' (Interp): it is supported by a factor only"},
    {NCNN "Input in 0 1 x 2=1\nCrop c 2 1 x x y 0=4 1=4", "",
     "layer 'c' (Crop): it is supported with one input only"},
};

START_TEST(ncnn_says_the_same_in_other_words)
{
    write_bytes(ncnn, texts[_i].layers, (int)strlen(texts[_i].layers));
    write_ncnn_weights(weights, texts[_i].weights);
    check_model(ncnn, texts[_i].layers, texts[_i].expected);
}
END_TEST

START_TEST(other_files_are_refused)
{
    struct wr_error error;
    struct wr_model_file *model;
    write_bytes(ncnn, "7767517\n\0", 9);
    check_model(ncnn, "a text with a NUL", "it is no text, as ncnn's .param files are");
    remove(weights);
    ck_assert_int_eq(mkdir(weights, 0700), 0);
    write_bytes(ncnn, NCNN, sizeof NCNN - 1);
    check_model(ncnn, "a folder of weights", "it is a folder");
    rmdir(weights);
    write_bytes(ncnn, NCNN, sizeof NCNN - 1);
    ck_assert_int_eq(wr_model_open(&model, ncnn, &error), WR_USAGE);
    ck_assert_ptr_nonnull(strstr(error.text, "m.bin': No such file or directory"));
    ck_assert_ptr_null(model);
}
END_TEST

START_TEST(names_may_be_in_capitals)
{
    static const char *const endings[][2] = {{"PARAM", "BIN"}, {"PARAM", "bin"}, {"param", "BIN"}};
    char model[sizeof folder + 16], beside[sizeof folder + 16];
    for (size_t n = 0; n < sizeof endings / sizeof *endings; n++) {
        snprintf(model, sizeof model, "%s/n.%s", folder, endings[n][0]);
        snprintf(beside, sizeof beside, "%s/n.%s", folder, endings[n][1]);
        write_bytes(model, texts[0].layers, (int)strlen(texts[0].layers));
        write_ncnn_weights(beside, texts[0].weights);
        check_model(model, texts[0].layers, texts[0].expected);
        remove(model);
        remove(beside);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("ncnn");
    TCase *cases = tcase_create("ncnn");
    tcase_add_unchecked_fixture(cases, make_folder, remove_folder);
    tcase_add_loop_test(cases, ncnn_says_the_same_in_other_words, 0,
                        (int)(sizeof texts / sizeof *texts));
    tcase_add_test(cases, other_files_are_refused);
    tcase_add_test(cases, names_may_be_in_capitals);
    suite_add_tcase(suite, cases);
    return test_main(suite);
}
