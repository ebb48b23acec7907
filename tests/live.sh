#!/bin/bash
# SPDX-License-Identifier: MIT
# Inputs that come at their own pace: stalls, paces, and how long frames take: tests/live.sh BUILD.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$work" || exit

make() { ffmpeg -nostdin -v error -y "$@"; }
make -f lavfi -i testsrc2=s=64x48:r=25 -frames:v 50 -c:v rawvideo long.nut
make -i long.nut -frames:v 20 -c:v rawvideo short.nut
seconds() { awk "BEGIN {print $EPOCHREALTIME - $1}"; }
# is NUMBER CONDITION: whether awk finds the condition on n true.
is() { awk "BEGIN {n = $1; exit !($2)}" && echo yes; }

# ---- a pipe and a connection that stall
mkfifo pipe
(cat short.nut; sleep 20) > pipe &
writer=$!
status=0
begun=$EPOCHREALTIME
reel -f hflip pipe -o piped.mkv --source-timeout 1 --report piped.json || status=$?
took=$(seconds "$begun")
same "a pipe that stalls is given up" "$status $(frames piped.mkv)" "4 20"
same "and that is said" "$(grep -c 'nothing came for 1 s, so the input was given up and what had come was kept' "$said")" 1
same "and reported" "$(jq -c '[.stalled, .frames_out, .outcome]' piped.json)" '[true,20,"damaged"]'
same "in time" "$(is "$took" 'n > 0.9 && n < 10')" yes
kill $writer && wait $writer 2> /dev/null
# Nobody writes to the pipe.
status=0
reel -f hflip pipe -o none.mkv --source-timeout 0.5 || status=$?
same "a pipe that nobody writes to" "$status $(grep -c 'cannot read pipe: nothing came for 0.5 s' "$said") $(ls none.mkv 2> /dev/null)" "1 1 "
cat > server.py << 'END'
import socket, sys, time
listener = socket.create_server(("127.0.0.1", 0))
open("port", "w").write(str(listener.getsockname()[1]))
connection = listener.accept()[0]
connection.sendall(open(sys.argv[1], "rb").read())
time.sleep(20)
END
python3 server.py short.nut &
server=$!
for _ in $(seq 100); do [ -s port ] && break; sleep 0.1; done
status=0
reel -f hflip "tcp://127.0.0.1:$(cat port)" -o tcp.mkv --source-timeout 1 || status=$?
same "a connection that stalls" "$status $(frames tcp.mkv)" "4 20"
kill $server && wait $server 2> /dev/null
# Further inputs: pictures for the chain, and sound.
ffmpeg -nostdin -v error -f lavfi -i sine=duration=0.8 sound.nut
mkfifo more.pipe sound.pipe
(cat short.nut; exec sleep 20) > more.pipe &
writer=$!
status=0
reel -f '[0:v][1:v]hstack' long.nut --input more.pipe -o more.mkv --source-timeout 1 --report more.json || status=$?
same "a further input that stalls" \
    "$status $(frames more.mkv) $(jq .stalled more.json) $(grep -c 'more.pipe: nothing came for 1 s' "$said")" "4 50 true 1"
kill $writer && wait $writer 2> /dev/null
(cat sound.nut; exec sleep 20) > sound.pipe &
writer=$!
status=0
reel -f hflip long.nut --input sound.pipe --map 0:v --map 1:a -o heard.mkv --source-timeout 1 || status=$?
same "sound that stalls" \
    "$status $(frames heard.mkv) $(frames heard.mkv a:0) $(grep -c 'sound.pipe: nothing came for 1 s' "$said")" "4 50 35 1"
kill $writer && wait $writer 2> /dev/null
status=0
reel -f hflip long.nut -o file.mkv --source-timeout 0.001 || status=$?
same "a file does not stall" "$status $(frames file.mkv)" "0 50"

# ---- paces
begun=$EPOCHREALTIME
reel -f hflip short.nut -o paced.mkv --realtime --report paced.json
same "a file at the pace of its times" "$(is "$(seconds "$begun")" 'n > 0.7') $(frames paced.mkv)" "yes 20"
begun=$EPOCHREALTIME
"$warpreel" -v error -re -i short.nut -vf hflip -y paced.mkv < /dev/null
same "as with -re" "$(is "$(seconds "$begun")" 'n > 0.7')" yes
same "the same pictures" "$(hashes paced.mkv | md5sum)" "$(reel -f hflip short.nut -o fast.mkv; hashes fast.mkv | md5sum)"
same "the time that frames take is told" \
    "$(jq '.latency | .median > 0 and .median <= .percent_95 and .percent_95 <= .worst' paced.json)" true
"$warpreel" -f hflip long.nut -o stopped.mkv --realtime < /dev/null > /dev/null 2>&1 &
for _ in $(seq 200); do ls -A | grep -qF '.warpreel-' && break; sleep 0.02; done # it has begun
begun=$EPOCHREALTIME
kill -INT $!
wait $!
same "a pace can be interrupted" "$? $(is "$(seconds "$begun")" 'n < 1')" "130 yes"

# ---- networks: ffmpeg sends on this machine
make -i long.nut -frames:v 25 -c:v mpeg2video -g 5 -f mpegts stream.ts
first_port=$((20000 + $$ % 20000))
# bound KIND PORT: waits until the port is bound, for at most ten seconds.
bound() {
    for _ in $(seq 100); do
        grep -qi "$(printf ':%04X 0' "$2")" "/proc/net/$1" && return
        sleep 0.1
    done
}
# send OPTIONS...: the stream at its pace.
send() { ffmpeg -nostdin -v error -re -i stream.ts -c copy "$@"; }
reel -f hflip stream.ts -o by-file.mkv --codec ffv1
if [ -n "${TSAN_OPTIONS:-}" ]; then
    skip "two that come by udp" "FFmpeg cancels its thread for udp, and the thread sanitizer stops the program for that"
else
    reel -f hflip "udp://127.0.0.1:$first_port" "udp://127.0.0.1:$((first_port + 1))?fifo_size=10000" -o udp/ --name '{stem}.mkv' \
        --codec ffv1 --source-timeout 2 --report udp.json &
    receiver=$!
    for n in 0 1; do
        bound udp $((first_port + n))
        send -f mpegts "udp://127.0.0.1:$((first_port + n))?pkt_size=1316" &
    done
    wait $receiver
    same "two that come by udp and stop" "$? $(jq -c '[.jobs[].report | .frames_out, .stalled]' udp.json)" "4 [25,true,25,true]"
    same "have the pictures of the file" "$(for n in 0 1; do hashes "udp/127.0.0.1-$((first_port + n)).mkv" | md5sum; done | sort -u)" \
        "$(hashes by-file.mkv | md5sum)"
fi
# Without a time FFmpeg 9 does not listen at all.
reel -f hflip "rtsp://127.0.0.1:$first_port/live" -o rtsp.mkv --codec ffv1 --input-option rtsp_flags=listen \
    --input-option listen_timeout=10 --source-timeout 10 &
receiver=$!
bound tcp "$first_port"
send -f rtsp -rtsp_transport tcp "rtsp://127.0.0.1:$first_port/live"
wait $receiver
same "one that comes by rtsp and ends" "$? $(hashes rtsp.mkv | md5sum)" "0 $(hashes by-file.mkv | md5sum)"

# ---- sixteen at once: a frame waits for others no longer than for the next of its own, and then for a batch
inputs=()
for n in $(seq 16); do
    mkfifo "camera$n.nut"
    inputs+=("camera$n.nut")
    ffmpeg -nostdin -v error -re -i long.nut -c copy -flush_packets 1 -f nut -y "camera$n.nut" &
done
# One that waits for full batches of its own shows how long that takes on this machine meanwhile.
mkfifo patient.nut
ffmpeg -nostdin -v error -re -i long.nut -c copy -flush_packets 1 -f nut -y patient.nut &
reel -f unsharp patient.nut -o patient.mkv --codec ffv1 --max-wait 10 --report patient.json &
reel -f unsharp "${inputs[@]}" -o cameras/ --name '{stem}.mkv' --codec ffv1 --report cameras.json
wait
same "sixteen pipes lose no frame" "$(jq -c '[.states.done, ([.jobs[].report.frames_out] | add)]' cameras.json)" "[16,800]"
reel -f unsharp long.nut -o alone.mkv --codec ffv1
same "and have the pictures of a run alone" \
    "$(for n in $(seq 16); do hashes "cameras/camera$n.mkv" | md5sum; done | sort -u)" "$(hashes alone.mkv | md5sum)"
most=$(jq '[.jobs[].report.latency.percent_95] | max' cameras.json)
patient=$(jq .latency.percent_95 patient.json)
echo "95 per cent of the frames took at most $most s, with full batches $patient s"
same "95 per cent of frames do not wait for full batches" "$(jq -n "2 * $most < $patient")" true
# Sixteen fill a batch with a frame of each; two do not.
if [ -e udp.json ]; then
    few=$(jq '[.jobs[].report.latency.percent_95] | max' udp.json)
    same "nor do those of two inputs, $few s" "$(jq -n "2 * $few < $patient")" true
fi
finish
