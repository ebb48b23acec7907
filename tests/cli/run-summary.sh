# SPDX-License-Identifier: MIT
# needs: counter-120.mp4
# The last sentence, whatever clock and encoder make of it: what was written, and with -v how.
reel() {
    warpreel --filter negate --device cpu --threads 2 "$SAMPLES/counter-120.mp4" "$@" 2>&1 | grep '^warpreel: ' |
        sed -E 's/[0-9.]+ (s|fps|.B),/N \1,/g; s/\((baseline|avx2|avx512|avx512vnni),/(LEVEL,/'
}
reel -o out.mkv
reel -o out.mkv -y -v # seven batches and a half
ls
