# SPDX-License-Identifier: MIT
for word in ba "" bars 'auto|bar' BAR; do
    warpreel --progress "$word" in.mp4 -o out.mp4
    echo "'$word': $?"
done
