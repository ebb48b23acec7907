# SPDX-License-Identifier: MIT
# The page of the filter for networks lists what a model may consist of.
warpreel --help=dnn_processing | sed -n '/^ONNX/,/^Example/p'
