# SPDX-License-Identifier: MIT
# needs: counter-120.mp4
in=$SAMPLES/counter-120.mp4
warpreel -f negat "$in" -o out.mkv
echo $?
warpreel -f scale=wdth=3 "$in" -o out.mkv
echo $?
warpreel --codec libx999 "$in" -o out.mkv
echo $?
warpreel --format matroskaa "$in" -o out.mkv
echo $?
warpreel --pix-fmt yuv999 "$in" -o out.mkv
echo $?
warpreel --device gpu "$in" -o out.mkv
echo $?
warpreel --start never "$in" -o out.mkv
echo $?
warpreel --quality best "$in" -o out.mkv
echo $?
warpreel --preset warp "$in" -o out.mkv
echo $?
warpreel --encoder-option nosuch=1 "$in" -o out.mkv
echo $?
WARPREEL_CPU=mmx warpreel "$in" -o out.mkv
echo $?
ls
