# SPDX-License-Identifier: MIT
# needs: counter-120.mp4
warpreel --quiet -d cpu -f negate "$SAMPLES/counter-120.mp4" -o out.mkv
ls
