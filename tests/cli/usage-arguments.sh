# SPDX-License-Identifier: MIT
# An argument that is missing, or that should not be there.
warpreel in.mp4 --output
echo $?
warpreel in.mp4 -o
echo $?
warpreel --overwrite=yes in.mp4 -o out.mp4
echo $?
warpreel --encoder-option tune in.mp4 -o out.mp4
echo $?
warpreel --encoder-option =film in.mp4 -o out.mp4
echo $?
