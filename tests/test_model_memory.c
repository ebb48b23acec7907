// SPDX-License-Identifier: MIT
// Each allocation fails once while a model is opened: there is one sentence, and nothing is leaked.
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "kernels/model/measure.h"
#include "kernels/model/model.h"
#include "tests/model_writer.h"
#include "tests/support.h"

static char path[] = "/tmp/warpreel-memory-XXXXXX";

// Of each kind of constant and layer one.
static const char *const model =
    "input x 1 1 0 0\noutput y\nfloat w 4x1x3x3\nhalf b 4\nfloat s 4\nfloat t 4x1x1\n"
    "Conv c x,w,b -> d pads=1,1,1,1\nBatchNormalization n d,s,s,s,s -> e\nPRelu p e,t -> f\n"
    "LeakyRelu l f -> g alpha=0.5\nSub k t,g -> h\nSigmoid q h -> i\nMul m h,i -> j\n"
    "int a 4 1 2 3 4\nint z 1 4\nint o 2 -1 2\nint r 1 -1\nConstantOfShape A z -> B\n"
    "Concat C a,B -> D axis=0\nReshape E D,o -> F\nTranspose G F -> H perm=1,0\n"
    "Reshape I H,r -> J\nAdd K a,z -> L\nFloor M L -> N\nUnsqueeze O z,r -> P\n"
    "float u 4 1 1 0.5 0.5\nResize R j,-,u -> S mode=cubic\nSplit T S -> U,V axis=1\n"
    "Concat W U,V -> X axis=1\nDepthToSpace Y X -> y blocksize=2";

static long allocations_left = -1; // -1: as many as there are

static bool is_refused(void)
{
    return allocations_left >= 0 && allocations_left-- == 0;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
char *__real_strdup(const char *text);

void *__wrap_malloc(size_t size)
{
    return is_refused() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return is_refused() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
    return is_refused() ? NULL : __real_realloc(memory, size);
}

char *__wrap_strdup(const char *text)
{
    return is_refused() ? NULL : __real_strdup(text);
}

// Opens everything with so many allocations and says whether they were enough.
static bool opens_with(long allocations)
{
    struct wr_model_file *file = NULL;
    struct wr_network *network = NULL;
    struct wr_network_facts facts;
    allocations_left = allocations;
    enum wr_status status = wr_model_open(&file, path, NULL);
    if (!status)
        status = wr_network_open(&network, file, 8, 6, NULL);
    if (!status && !wr_network_measure(network, &facts))
        status = WR_FAILED;
    const bool was_enough = allocations_left >= 0;
    allocations_left = -1;
    ck_assert_int_eq(status, was_enough ? WR_OK : WR_FAILED);
    wr_network_close(&network);
    wr_model_close(&file);
    return was_enough;
}

START_TEST(every_allocation_may_fail)
{
    const int file = mkstemp(path);
    ck_assert_int_ge(file, 0);
    close(file);
    write_onnx(path, model);
    long count = 0;
    while (!opens_with(count))
        count++;
    ck_assert_int_gt(count, 200);
    remove(path);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("model_memory");
    TCase *tests = tcase_create("model_memory");
    tcase_add_test(tests, every_allocation_may_fail);
    suite_add_tcase(suite, tests);
    return test_main(suite);
}
