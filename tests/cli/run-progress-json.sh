# SPDX-License-Identifier: MIT
# needs: counter-120.mp4
# Every line is an object; the last state is that of all frames.
warpreel -d cpu -f negate --progress json "$SAMPLES/counter-120.mp4" -o out.mkv 2>lines.txt
grep -vc '^{"type":"[a-z]*",.*}$' lines.txt
grep '"progress"' lines.txt | tail -n 1 | grep -o '"frames":120,"frames_total":120,"percent":100.0'
grep -c '"summary"' lines.txt
