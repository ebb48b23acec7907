# SPDX-License-Identifier: MIT
# One sentence for each, exit code 1, and nothing under the final name.
mkdir folder
: >empty.mp4
echo "this is no video" >text.mp4
for name in folder empty.mp4 text.mp4 /dev/null none.mp4; do
    warpreel -d cpu "$name" -o out.mkv
    echo "$name: $?"
done
ls
