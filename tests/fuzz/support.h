// SPDX-License-Identifier: MIT
// What the fuzzers share: their input as a text and as a file.
#pragma once

#include <stddef.h>
#include <stdint.h>

// libFuzzer calls this for every input; an input is good for nothing but to crash, so it returns 0.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// The input with a NUL behind it, the caller's to free. NULL if it holds a NUL itself.
char *fuzz_text(const uint8_t *data, size_t size);

// The name of a file in memory that holds the input. There is one such file: the next call replaces
// its content, and nobody closes it.
const char *fuzz_file(const uint8_t *data, size_t size);
