// SPDX-License-Identifier: MIT
// Fuzzes the reader of .acv files with their bytes.
#include <stdlib.h>
#include <string.h>

#include "kernels/filters/acv.h"
#include "tests/fuzz/support.h"

// The input stands for the file, whatever its name.
static struct {
    const uint8_t *data;
    size_t size;
} input;

static enum wr_status read_input(const struct wr_lowering *lowering, const char *parameter,
                                 const char *path, size_t most, char **content, size_t *size)
{
    (void)lowering, (void)parameter, (void)path, (void)most;
    *content = malloc(input.size + 1);
    if (!*content)
        abort();
    if (input.size)
        memcpy(*content, input.data, input.size);
    *size = input.size;
    return WR_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct wr_syntax syntax = {.read_file = read_input};
    struct wr_error error;
    const struct wr_lowering lowering = {.filter = "curves", .error = &error, .syntax = &syntax};
    input.data = data;
    input.size = size;
    struct wr_acv acv;
    if (!wr_acv_read(&acv, &lowering, "psfile", "fuzz.acv"))
        wr_acv_free(&acv);
    return 0;
}
