# SPDX-License-Identifier: MIT
# What goes to standard output has no suffix, and there is one standard output.
warpreel in.mp4 -o -
echo $?
warpreel in.mp4 -o - --format matroska --report -
echo $?
