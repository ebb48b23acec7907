# SPDX-License-Identifier: MIT
# needs: counter-120.mp4
# The bar is wiped in the end; without a terminal there is none unless asked for.
warpreel -d cpu -f negate --progress bar "$SAMPLES/counter-120.mp4" -o out.mkv 2>&1 |
    tr '\r' '\n' | sed -E 's/[0-9.]+ (s|fps),/N \1,/g' | grep -c -e '% \[.*/120 frames' >bars
[ "$(cat bars)" -ge 1 ] && echo bars
warpreel -d cpu -f negate "$SAMPLES/counter-120.mp4" -o out.mkv -y 2>&1 | tr '\r' '\n' | wc -l
