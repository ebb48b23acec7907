# SPDX-License-Identifier: MIT
# needs: vfr-av.mkv
# The same frames from a pipe as from the file.
warpreel -q -f negate -d cpu --format framemd5 "$SAMPLES/vfr-av.mkv" -o file.txt
cat "$SAMPLES/vfr-av.mkv" | warpreel -q -f negate -d cpu --format framemd5 - -o pipe.txt
[ -s file.txt ] && cmp file.txt pipe.txt
