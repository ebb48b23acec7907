// SPDX-License-Identifier: MIT
// Networks in words, for tests: what becomes of a model file.
#pragma once

// Checks what becomes of the file at `path` for pictures of 8x6: a network in words, one line for
// each layer, or a sentence without the file's name. `model` is what is shown on failure.
void check_model(const char *path, const char *model, const char *expected);
