# SPDX-License-Identifier: MIT
# needs: counter-120.mp4
# What a sentence offers for --pix-fmt is taken. What loses nothing is not even asked for.
reel() {
    warpreel -d cpu -q --frames 1 -f format=yuv444p "$SAMPLES/counter-120.mp4" -y "$@"
}
for codec in libvpx mpeg2video; do
    reel -o out.nut --codec $codec 2>said
    echo $?
    sed 's/ to one of .*//' said
    for name in $(sed 's/.* to one of //; s/,//g' said); do
        reel -o out.nut --codec $codec --pix-fmt $name && echo "$name is taken"
    done
done
reel -o out.nut --codec xbm
reel -o out.nut --codec xbm --pix-fmt gray
for codec in huffyuv png gif prores_ks; do
    warpreel -d cpu --frames 1 "$SAMPLES/counter-120.mp4" -o out.nut -y --codec $codec 2>&1 | grep "does not take"
done
warpreel -d cpu -q --frames 1 -f rgbashift=rh=2 "$SAMPLES/counter-120.mp4" -o out.nut -y --codec png &&
    ffprobe -v error -select_streams v -show_entries stream=pix_fmt -of csv=p=0 out.nut
