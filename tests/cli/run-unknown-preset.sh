# SPDX-License-Identifier: MIT
# needs: counter-120.mp4
# One sentence, and none of the encoder's own.
warpreel --preset warp "$SAMPLES/counter-120.mp4" -o out.mkv
