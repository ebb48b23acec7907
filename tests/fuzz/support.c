// SPDX-License-Identifier: MIT
// What the fuzzers share: their input as a text and as a file.
#include "tests/fuzz/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

char *fuzz_text(const uint8_t *data, size_t size)
{
    if (size && memchr(data, 0, size))
        return NULL;
    char *text = calloc(1, size + 1);
    if (!text)
        abort();
    if (size)
        memcpy(text, data, size);
    return text;
}

const char *fuzz_file(const uint8_t *data, size_t size)
{
    static char name[64];
    static int file = -1;
    if (file < 0)
        file = memfd_create("fuzz", 0);
    if (file < 0 || ftruncate(file, 0) || pwrite(file, data, size, 0) != (ssize_t)size)
        abort();
    snprintf(name, sizeof name, "/proc/self/fd/%d", file);
    return name;
}
