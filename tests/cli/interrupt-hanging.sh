# SPDX-License-Identifier: MIT
# needs: odd-161x121.mkv
# An input that goes silent: the third signal ends the program wherever it is, and nothing stays behind.
mkfifo pipe
exec 3<>pipe
ffmpeg -nostdin -v quiet -i "$SAMPLES/odd-161x121.mkv" -pix_fmt yuv420p -f yuv4mpegpipe - >&3 &
warpreel -q -d cpu --codec ffv1 pipe -o out.mkv 2>said.txt &
run=$!
until ls -A | grep -q '^\.warpreel-'; do sleep 0.1; done
for signal in 1 2 3; do
    sleep 0.3
    kill -INT $run 2>/dev/null
done
wait $run
echo $?
grep -c interrupted said.txt
ls -A
