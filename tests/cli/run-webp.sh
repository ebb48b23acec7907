# SPDX-License-Identifier: MIT
# needs: odd-161x121.mkv
# An encoder that makes one packet of all frames.
warpreel -q -d cpu -f negate --frames 7 "$SAMPLES/odd-161x121.mkv" -o out.webp --report report.json
echo $?
grep -o '"frames_out": [0-9]*' report.json
grep -ao ANMF out.webp | wc -l
