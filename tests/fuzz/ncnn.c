// SPDX-License-Identifier: MIT
// Fuzzes the reader of ncnn's files: what follows the first NUL are the weights.
#include <stdlib.h>
#include <string.h>

#include "kernels/model/measure.h"
#include "kernels/model/model.h"
#include "kernels/model/ncnn.h"
#include "tests/fuzz/support.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *const end = size ? memchr(data, 0, size) : NULL;
    const size_t length = end ? (size_t)(end - data) : size, used = end ? length + 1 : length;
    char *const text = fuzz_text(data, length);
    struct wr_error error;
    struct wr_network_facts facts;
    struct wr_network *network = NULL;
    struct wr_model_file *model = wr_model_new("fuzz.param");
    if (model && !wr_ncnn_read(model, text, size ? data + used : data, size - used, &error) &&
        !wr_network_open(&network, model, 8, 6, &error))
        wr_network_measure(network, &facts);
    wr_network_close(&network);
    wr_model_close(&model);
    free(text);
    return 0;
}
