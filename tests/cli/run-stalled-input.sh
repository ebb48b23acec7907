# SPDX-License-Identifier: MIT
# A reader of the output that goes away ends the run at once, also while the input stalls.
mkfifo in
ffmpeg -nostdin -v error -f lavfi -i testsrc2=s=320x180 -frames:v 40 -f yuv4mpegpipe -pix_fmt yuv420p all.y4m
(cat all.y4m; exec sleep 30) > in &
feeder=$!
timeout 20 warpreel -q -d cpu -f negate --codec rawvideo --format nut -o - - < in | head -c 100000 > begin
echo "exit ${PIPESTATUS[0]}"
kill $feeder
wc -c < begin
