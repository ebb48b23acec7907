# SPDX-License-Identifier: MIT
# needs: counter-120.mp4
# What does not depend on machine and clock.
warpreel -q -d cpu -f negate "$SAMPLES/counter-120.mp4" -o out.mkv --report report.json
grep -E '^    "(outcome|exit_code|reason|batch|frames_in|frames_out|batches|padded_frames|damaged)"' report.json
grep -Eo '^    "(input|output|streams|chain|device|seconds|memory)":' report.json
# The whole input, and what was written.
# Codec and encoder, colour by its parts, and what was said.
jq -c '.input | [.codec, .encoder]' report.json
jq -c '.output | [.codec, .encoder, .quality, .range, .matrix, .primaries, .transfer, (.bytes > 0)]' report.json
jq -c .notes report.json
durations() { jq -c '[.input.duration, .output.duration]' report.json; }
durations
warpreel -q -d cpu --start 2 "$SAMPLES/counter-120.mp4" -y -o out.mkv --report report.json
durations
warpreel -q -d cpu --codec mpeg2video --frames 10 "$SAMPLES/counter-120.mp4" -y -o out.mkv --report report.json
durations
warpreel -q -d cpu --frames 1 --codec gif --pix-fmt gray "$SAMPLES/counter-120.mp4" -o out.gif --report report.json
jq -c .notes report.json
ls
