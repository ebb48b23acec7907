# SPDX-License-Identifier: MIT
# needs: counter-120.mp4
# What a sentence offers for --pix-fmt is taken.
reel() {
    warpreel -d cpu -q --frames 1 "$SAMPLES/counter-120.mp4" -y "$@"
}
for codec in gif png; do
    reel -o out.nut --codec $codec 2>said
    echo $?
    sed 's/ to one of .*//' said
    for name in $(sed 's/.* to one of //; s/,//g' said); do
        reel -o out.nut --codec $codec --pix-fmt $name && echo "$name is taken"
    done
done
reel -o out.nut --codec xbm
reel -o out.nut --codec xbm --pix-fmt gray
