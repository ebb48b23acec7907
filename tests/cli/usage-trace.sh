# SPDX-License-Identifier: MIT
# A trace may not take the place of input or output, nor a report that of the trace.
touch in.mp4
for trace in ./in.mp4 out.mp4 folder/trace.json; do
    warpreel in.mp4 -o out.mp4 --trace $trace
    echo "$trace: $?"
done
warpreel in.mp4 -o out.mp4 --trace both.json --report ./both.json
echo "both: $?"
ls
