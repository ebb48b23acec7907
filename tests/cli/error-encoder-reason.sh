# SPDX-License-Identifier: MIT
# An encoder or a filter that fails says why, in FFmpeg's own words.
# needs: counter-120.mp4
warpreel --codec dvvideo "$SAMPLES/counter-120.mp4" -o out.avi
warpreel -f setpts=foo "$SAMPLES/counter-120.mp4" -o out.mkv
warpreel -f delogo=400:0:10:10 "$SAMPLES/counter-120.mp4" -o out.mkv
warpreel --codec huffyuv --format mp4 "$SAMPLES/counter-120.mp4" -o out.mp4 2>&1 | grep -o "Could not find tag for codec huffyuv"
ls
