# SPDX-License-Identifier: MIT
# needs: counter-120.mp4
warpreel -q -d cpu --format matroska -y "$SAMPLES/counter-120.mp4" -o /dev/full
echo $?
warpreel -d cpu -q "$SAMPLES/counter-120.mp4" -o out.mkv --report /dev/full
echo $?
ls
