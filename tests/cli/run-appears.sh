# SPDX-License-Identifier: MIT
# needs: odd-161x121.mkv
# What comes to stand under the output's name during the run is somebody else's.
mkfifo pipe
warpreel -q -d cpu --codec ffv1 pipe -o out.mkv &
run=$!
exec 3>pipe
ffmpeg -nostdin -v quiet -i "$SAMPLES/odd-161x121.mkv" -pix_fmt yuv420p -f yuv4mpegpipe - >&3
until ls -A | grep -q '^\.warpreel-'; do sleep 0.1; done
echo precious >out.mkv
exec 3>&-
wait $run
echo $?
cat out.mkv
ls -A
