# SPDX-License-Identifier: MIT
# needs: counter-120.mp4
in=$SAMPLES/counter-120.mp4
warpreel -f negat "$in" -y -o out.mkv
echo $?
warpreel -f scale=wdth=3 "$in" -y -o out.mkv
echo $?
warpreel --codec libx999 "$in" -y -o out.mkv
echo $?
warpreel --pix-fmt yuv999 "$in" -y -o out.mkv
echo $?
warpreel --device gpu "$in" -y -o out.mkv
echo $?
warpreel --start never "$in" -y -o out.mkv
echo $?
warpreel --quality best "$in" -y -o out.mkv
echo $?
warpreel --encoder-option nosuch=1 "$in" -y -o out.mkv
echo $?
WARPREEL_CPU=mmx warpreel "$in" -y -o out.mkv
echo $?
ls
