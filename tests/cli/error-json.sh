# SPDX-License-Identifier: MIT
# With JSON, sentences are objects too, each on its line.
warpreel --progress json -o out.mp4 none.mp4
