# SPDX-License-Identifier: MIT
# Long, short, spelt as ffmpeg does, with a value, and far from anything; the nearest name is told.
for option in --fitler --pix_fmt=gray -pix_fmt -x -yx --zzzzzz --output_file; do
    warpreel $option in.mp4
    echo "$option: $?"
done
