# SPDX-License-Identifier: MIT
# needs: counter-120.mp4
# What does not depend on machine and clock.
warpreel -q -d cpu -f negate "$SAMPLES/counter-120.mp4" -o out.mkv --report report.json
grep -E '^    "(outcome|exit_code|reason|batch|frames_in|frames_out|batches|padded_frames|damaged)"' report.json
grep -Eo '^    "(input|output|streams|chain|device|seconds|memory)":' report.json
ls
