# SPDX-License-Identifier: MIT
# needs: counter-120.mp4
# The largest batch within the limit, if need be with lower bands; and sentences where there is none.
run() {
    warpreel -d cpu -j 2 -q -f unsharp "$SAMPLES/counter-120.mp4" -o out.mkv -y --report report.json "$@"
    echo "exit $?"
}
batch() { grep '"batch"' report.json; }
run --memory-limit 1G && batch
run --memory-limit 300k && batch
run --memory-limit 1K
run --memory-limit 300K --batch 16
run --memory-limit 300K --batch 2 && batch
run --memory-limit 300K --batch 2 --instances 2
run --memory-limit 3X
run --memory-limit 0
run --memory-limit 99999999999T
