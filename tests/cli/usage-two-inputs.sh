# SPDX-License-Identifier: MIT
# A second name is the output for many programs, and is not here.
warpreel one.mp4 two.mp4
echo $?
warpreel one.mp4 --output out.mp4 two.mp4
echo $?
