# SPDX-License-Identifier: MIT
# needs: odd-161x121.mkv
mkdir folder
for name in none/out.mkv out.nosuch out; do
    warpreel -d cpu "$SAMPLES/odd-161x121.mkv" -y -o "$name"
    echo "$name: $?"
done
ls
