# SPDX-License-Identifier: MIT
# needs: counter-120.mp4
# What does not depend on machine and clock.
warpreel -q -d cpu -f negate "$SAMPLES/counter-120.mp4" -o out.mkv --report report.json
grep -E '^    "(outcome|exit_code|reason|batch|frames_in|frames_out|batches|padded_frames|damaged)"' report.json
grep -Eo '^    "(input|output|streams|chain|device|seconds|memory)":' report.json
# The whole input, and what was written.
durations() { jq -c '[.input.duration, .output.duration]' report.json; }
durations
warpreel -q -d cpu --start 2 "$SAMPLES/counter-120.mp4" -y -o out.mkv --report report.json
durations
warpreel -q -d cpu --codec mpeg2video --frames 10 "$SAMPLES/counter-120.mp4" -y -o out.mkv --report report.json
durations
ls
