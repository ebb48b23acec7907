# SPDX-License-Identifier: MIT
# needs: counter-120.mp4
# A container that does not exist is refused, even where the suffix would tell one.
warpreel --format matroskaa "$SAMPLES/counter-120.mp4" -o out.mkv 2>sentence
echo $?
wc -l <sentence
rm sentence
ls
