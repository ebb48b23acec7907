// SPDX-License-Identifier: MIT
// Fuzzes the readers of look-up tables: the first byte of a text says in which format it is.
#include <stdlib.h>

#include "kernels/filters/lut_file.h"
#include "tests/fuzz/support.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    if (!text)
        return 0;
    struct wr_error error;
    const struct wr_lowering lowering = {.filter = "lut3d", .error = &error};
    static const char *const names[] = {".3dl", ".csp", ".dat", ".m3d"};
    const unsigned format = (unsigned char)*text - '0';
    const bool is_other = format < sizeof names / sizeof *names;
    struct wr_lut lut;
    wr_lut_read(&lut, &lowering, is_other ? names[format] : "fuzz.cube", text + is_other);
    wr_lut_close(&lut);
    free(text);
    return 0;
}
