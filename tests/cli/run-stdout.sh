# SPDX-License-Identifier: MIT
# needs: counter-120.mp4
# Standard output carries the file and nothing else, and the batch size cannot be seen in it.
for batch in 1 5 16 17; do
    warpreel -f hflip -d cpu -b $batch --format framemd5 "$SAMPLES/counter-120.mp4" -o - \
        2>/dev/null >$batch.txt
    grep -c '^0,' $batch.txt
    grep -v -e '^#' -e '^[0-9]*,' $batch.txt
    cmp $batch.txt 1.txt
done
