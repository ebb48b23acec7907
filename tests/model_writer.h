// SPDX-License-Identifier: MIT
// Writes small model files for tests from a few lines of text.
#pragma once

// Writes an ONNX file. Each line is one of
//     opset NUMBER
//     input NAME SIZE SIZE SIZE SIZE           0 leaves a size open
//     output NAME
//     float|half|int NAME SIZExSIZE... [VALUE...]     without values: 1, 2, 3, ...
//     elsewhere NAME SIZExSIZE...              a constant said to be in another file
//     OPERATOR NAME INPUT,INPUT,... -> OUTPUT,... [KEY=NUMBER,NUMBER... | KEY=TEXT]
// where "-" is an input that is left out. Numbers with a point or an "e" are floats.
void write_onnx(const char *path, const char *text);

// Writes an ncnn file of weights. Words of `text` are "NUMBER" for so many plain float32,
// "mNUMBER" for the same behind their mark, "hNUMBER" for float16 behind theirs; values are 1, 2,
// 3 and so on.
void write_ncnn_weights(const char *path, const char *text);

// Writes a file of these bytes.
void write_bytes(const char *path, const void *data, int size);
