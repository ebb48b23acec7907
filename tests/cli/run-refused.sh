# SPDX-License-Identifier: MIT
# needs: counter-120.mp4 odd-161x121.mkv
# What cannot be read or written, and what to do instead.
ffmpeg -nostdin -v error -stream_loop 2 -i "$SAMPLES/counter-120.mp4" -c copy in.mp4
cat in.mp4 | warpreel -d cpu - -o out.mp4
echo $?
warpreel -d cpu -q - -o out.mkv <in.mp4
echo $?
warpreel -d cpu "$SAMPLES/odd-161x121.mkv" -o out.mp4
echo $?
warpreel -d cpu -q -f "scale=162:-2" "$SAMPLES/odd-161x121.mkv" -o out.mp4
echo $?
ls
