# SPDX-License-Identifier: MIT
# needs: odd-161x121.mkv
# No message may end up in the file when standard streams are closed.
warpreel -d cpu -f negate --format framemd5 "$SAMPLES/odd-161x121.mkv" -o open.txt 2>/dev/null
warpreel -d cpu -f negate --format framemd5 "$SAMPLES/odd-161x121.mkv" -o closed.txt <&- >&- 2>&-
[ -s open.txt ] && cmp open.txt closed.txt
