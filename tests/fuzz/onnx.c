// SPDX-License-Identifier: MIT
// Fuzzes the reader of ONNX files, and what becomes of them for pictures of one size.
#include "kernels/model/measure.h"
#include "kernels/model/model.h"
#include "kernels/model/onnx.h"
#include "tests/fuzz/support.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct wr_error error;
    struct wr_network_facts facts;
    struct wr_network *network = NULL;
    struct wr_model_file *model = wr_model_new("fuzz.onnx");
    if (model && !wr_onnx_read(model, data, size, &error) &&
        !wr_network_open(&network, model, 8, 6, &error))
        wr_network_measure(network, &facts);
    wr_network_close(&network);
    wr_model_close(&model);
    return 0;
}
