# SPDX-License-Identifier: MIT
# needs: counter-120.mp4
# Quiet but for what is asked for by name.
warpreel --quiet -d cpu -f negate "$SAMPLES/counter-120.mp4" -o out.mkv
ls
warpreel --quiet -d cpu "$SAMPLES/counter-120.mp4" --format null -o - --memory --progress json --frames 3 2>&1 |
    grep -o '^{"type":"[a-z]*"' | sort -u
