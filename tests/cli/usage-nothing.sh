# SPDX-License-Identifier: MIT
# Without a word of what to do: one sentence.
warpreel
