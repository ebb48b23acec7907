# SPDX-License-Identifier: MIT
# needs: odd-161x121.mkv
# Every filter that is listed has a page that begins with its name, and speaks of enable= if it takes it. No line
# of any page is longer than 80 columns.
warpreel --help | awk 'length > 80'
warpreel --list-filters | awk 'length > 80'
warpreel --list-filters | sed '/^$/,$d' | grep -o '^[a-z0-9_]*' | while read -r filter; do
    warpreel --help=$filter >page
    head -n 1 page | grep -q "^$filter: " || echo "no page for $filter"
    awk 'length > 80' page
    example=$(sed -e ':again; /\\$/{N; s/\\\n *//; b again}' page |
        sed -n 's/^  warpreel --filter "\(.*\)" in.mkv .*/\1/p')
    [ $filter != rotate ] || example=rotate=1 # whose example asks for another size
    [[ $example == *=* ]] && joint=: || joint='='
    warpreel --estimate -d cpu -f "$example${joint}enable=1" "$SAMPLES/odd-161x121.mkv" >/dev/null 2>said
    grep -q 'size or layout' said && refused=yes || refused=no
    grep -q 'enable=' page && promised=yes || promised=no
    [ $refused != $promised ] || echo "$filter: enable= is promised: $promised, refused: $refused"
done
