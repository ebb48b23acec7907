# SPDX-License-Identifier: MIT
# needs: odd-161x121.mkv
# What ffmpeg needs and warpreel does not is said once, and not with -loglevel error; -y replaces, -progress tells.
cp "$SAMPLES/odd-161x121.mkv" in.mkv
reel() {
    warpreel "$@" 2>&1 | sed 's/, [^,]*B, .*//'
}
reel -hwaccel cuda -re -i in.mkv -c:v ffv1 out.mkv
reel -loglevel error -hwaccel cuda -i in.mkv -c:v ffv1 out.mkv
reel -hide_banner -nostdin -loglevel warning -y -hwaccel cuda -i in.mkv -c:v ffv1 out.mkv
reel -i in.mkv -y -c:v ffv1 -row-mt 1 -movflags +faststart -shortest out.mkv
reel -v quiet -i in.mkv -c:v ffv1 -f nut pipe:1 | head -c 3
echo
reel -v error -y -i in.mkv -c:v ffv1 -progress pipe:1 out.mkv | sed 's/=.*//' | sort -u | tr '\n' ' '
echo
reel -v error -y -i in.mkv -c:v ffv1 -progress file:progress out.mkv
grep frame= progress | tail -n 1
tail -n 1 progress
