# SPDX-License-Identifier: MIT
# needs: counter-120.mp4
# Standard output carries the file and nothing else, and the batch size cannot be seen in it.
for batch in 1 5 16 17; do
    warpreel -f hflip -d cpu -b $batch --format framemd5 "$SAMPLES/counter-120.mp4" -o - \
        2>/dev/null >$batch.txt
    grep -vc '^#' $batch.txt
    grep -v '^#' $batch.txt | cmp - <(grep -v '^#' 1.txt)
done
warpreel -f hflip -d cpu --format framemd5 "$SAMPLES/counter-120.mp4" -o - 2>/dev/null |
    grep -cv -e '^#' -e '^0, '
true
