# SPDX-License-Identifier: MIT
# The same text, and nothing else is asked for.
warpreel -h >short
warpreel --help --frames 3 >long
cmp short long
