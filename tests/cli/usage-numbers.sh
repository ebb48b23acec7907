# SPDX-License-Identifier: MIT
# Numbers are read strictly, and the sentence names the range.
for number in 257 -1 16x 1.5 "" " 16" 0x10 99999999999999999999; do
    warpreel --batch "$number" in.mp4 -o out.mp4
    echo "batch '$number': $?"
done
warpreel -b17frames in.mp4 -o out.mp4
warpreel --threads -1 in.mp4 -o out.mp4
warpreel --frames=-5 in.mp4 -o out.mp4
warpreel --frames 99999999999999999999 in.mp4 -o out.mp4
