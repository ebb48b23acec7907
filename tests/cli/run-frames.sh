# SPDX-License-Identifier: MIT
# needs: counter-120.mp4
for frames in 1 15 16 17 33; do
    warpreel -q -d cpu -f negate --frames $frames --format framemd5 "$SAMPLES/counter-120.mp4" -o - |
        grep -c '^0,'
done
