# SPDX-License-Identifier: MIT
# needs: counter-120.mp4
# A table for people, JSON for programs; the output need not be named. Failing is reported as of a run.
warpreel --estimate -d cpu -j 2 -f unsharp "$SAMPLES/counter-120.mp4"
echo "exit $?"
warpreel --estimate -d cpu -j 2 -f unsharp "$SAMPLES/counter-120.mp4" --report report.json -b 5 | grep '5\*'
grep -c held_by_all_bytes report.json
warpreel --estimate -d cpu -j 2 -f unsharp "$SAMPLES/counter-120.mp4" --report - -b 5 | cmp - report.json
echo "exit $?"
warpreel --estimate -d cpu -f negat "$SAMPLES/counter-120.mp4" --report report.json
echo "exit $?"
grep -E '"(outcome|exit_code|reason)"' report.json
warpreel --estimate --codec copy "$SAMPLES/counter-120.mp4"
echo "exit $?"
for option in --memory-plot --trace; do
    warpreel --estimate -d cpu "$SAMPLES/counter-120.mp4" $option refused
    echo "exit $?"
done
ls
