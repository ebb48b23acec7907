# SPDX-License-Identifier: MIT
# Every filter that is listed has a page that begins with its name.
warpreel --list-filters | grep -o '^[a-z0-9_]*' | while read -r filter; do
    warpreel --help=$filter | head -n 1 | grep -q "^$filter: " || echo "no page for $filter"
done
