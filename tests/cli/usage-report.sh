# SPDX-License-Identifier: MIT
# A report may not take the place of input or output, by whatever way it is named.
touch in.mp4
mkdir folder
ln in.mp4 hard.json
for report in in.mp4 ./in.mp4 folder/../in.mp4 hard.json out.mp4 ./folder/../out.mp4 folder none/report.json; do
    warpreel in.mp4 -o out.mp4 --report $report
    echo "$report: $?"
done
ls
