# SPDX-License-Identifier: MIT
# needs: counter-120.mp4
# A run holds what was estimated for it, for any batch and with cuts in the chain.
chain="unsharp=13:13,scale=iw/2:-2,unsharp=5:5"
for batch in 1 5 16; do
    warpreel --estimate -d cpu -b $batch -f "$chain" "$SAMPLES/counter-120.mp4" --report - |
        sed -n 's/.*"held_by_all_bytes": \([0-9]*\).*/\1/p' | head -1 >estimated
    warpreel -q -d cpu -b $batch -f "$chain" "$SAMPLES/counter-120.mp4" --format null -o - --report r.json -y
    sed -n 's/.*"held_bytes": \([0-9]*\).*/\1/p' r.json >held
    cmp estimated held && [ -s held ] && echo "batch $batch: the same"
done
