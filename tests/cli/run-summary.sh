# SPDX-License-Identifier: MIT
# needs: counter-120.mp4
# The last sentence: seven batches and a half, whatever the clock says.
warpreel --filter negate --device cpu --threads 2 "$SAMPLES/counter-120.mp4" --output out.mkv 2>&1 |
    sed -E 's/[0-9.]+ (s|fps),/N \1,/g; s/\((baseline|avx2|avx512),/(LEVEL,/'
ls
