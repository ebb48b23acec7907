// SPDX-License-Identifier: MIT
// Fuzzes the reader of .cube files with their text.
#include <stdlib.h>

#include "kernels/filters/cube.h"
#include "tests/fuzz/support.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    if (!text)
        return 0;
    struct wr_error error;
    const struct wr_lowering lowering = {.filter = "lut3d", .error = &error};
    struct wr_cube cube;
    wr_cube_read(&cube, &lowering, "fuzz.cube", text);
    free(cube.values);
    free(text);
    return 0;
}
