#!/bin/bash
# SPDX-License-Identifier: MIT
# Walks the #include lines of cli, lib, kernels and man: none may point upwards in layers.txt, no file may include
# itself by a detour, cli sees nothing of the library but its public header, every .c has a header, every header is on
# the page of its folder, what the page says that its folder may use is all that it uses, and only lib/media knows
# versions of FFmpeg.
#     tests/includes.sh [ROOT]
set -u
root=${1:-$(cd "$(dirname "$0")/.." && pwd)}
layers=$(cd "$(dirname "$0")" && pwd)/layers.txt
cd "$root" || exit

# "FILE HEADER" for each line that includes a header of the project.
edges() {
    grep -rHE '^ *#include "' --include='*.[ch]' cli lib kernels man |
        sed -E 's/^([^:]*): *#include "([^"]*)".*/\1 \2/' | grep -v '\.def$'
}

# Rows of layers.txt as "NUMBER PART"; a file's number is that of the longest part that its name begins with.
find_upward() {
    awk '
        FNR == NR { if ($0 !~ /^#/ && NF) rank[$1] = FNR; next }
        function rank_of(file,    part) {
            part = file
            for (sub(/\.[ch]$/, "", part); part != ""; sub(/\/?[^\/]*$/, "", part))
                if (part in rank)
                    return rank[part]
            return 0
        }
        {
        from = rank_of($1); to = rank_of($2)
            if (!from || !to)
                print (from ? $2 : $1) " is in no part of layers.txt"
            else if (to > from)
                print $1 " includes " $2 ", which comes later in layers.txt"
            if ($1 ~ /^cli\// && $2 !~ /^cli\// && $2 != "lib/warpreel.h")
                print $1 " includes " $2 ": the command line sees the public header only"
        }' "$layers" -
}

# A module is a .c and the .h of its name: what either includes, both use.
find_circles() {
    sed -E 's/\.[ch]( |$)/\1/g' | awk '$1 != $2' | sort -u | tsort 2>&1 > /dev/null |
        sed -n 's/^tsort: \([a-z].*\/.*\)$/\1 is part of a circle/p'
}

# A .c without a header of its own name has functions of the public header, of the header that has its folder's name, or
# of one that begins with the same word, as onnx_tensor.c has functions of onnx.h.
find_headless() {
    local file folder name function
    find cli lib kernels -name '*.c' | grep -v '^cli/main\.c$' | while IFS= read -r file; do
        [ ! -e "${file%.c}.h" ] || continue
        folder=${file%/*} name=${file##*/} name=${name%.c}
        sed -nE 's/^[a-z][^(=]*[ *](wr_[a-z0-9_]+)\(.*/\1/p' "$file" | grep -v "^static" | while IFS= read -r function; do
            grep -qs "[ *]$function(" lib/warpreel.h "$folder/${folder##*/}.h" "$folder/${name%%_*}"{,_*}.h ||
                echo "$file has no header of its own for $function()"
        done
    done
}

# A header that the page of its folder does not name. Filters are in filters.def.
find_unlisted() {
    local header folder
    find cli lib kernels -name '*.h' ! -path lib/warpreel.h | while IFS= read -r header; do
        folder=${header%/*} name=${header##*/}
        grep -qw -- "$name" "$folder/README.md" ||
            grep -qs "FILTER(${name%.h})" "$folder/filters.def" ||
            echo "$header is not on the page of its folder"
    done
}

# "FOLDER WORD" for each name of a folder, header or library in what a page says that its folder may use.
allowed() {
    local page
    grep -l '^May use:' $(find cli lib kernels -name README.md) | while IFS= read -r page; do
        sed -n '/^May use:/,/^$/p' "$page" | grep -oE '[a-z0-9_]+([/.][a-z0-9_]+)*' | sed "s|^|${page%/*} |"
    done
}

# What a file includes, of the project or of FFmpeg, and its page does not allow. A folder whose page says nothing of
# what it may use goes by the page of the folder above. All of lib may use the public header.
find_not_allowed() {
    awk '
        FNR == NR { has_page[$1] = 1; is_allowed[$1, $2] = 1; next }
        function allows(page, name) {
            for (; name != ""; sub(/\/?[^\/]*$/, "", name))
                if ((page, name) in is_allowed)
                    return 1
            return 0
        }
        {
            page = $1
            do sub(/\/?[^\/]*$/, "", page); while (page != "" && !(page in has_page))
            is_public = page ~ /^lib\// && $2 == "lib/warpreel.h"
            if (page != "" && index($2, page "/") != 1 && !is_public && !allows(page, $2))
                print page "/README.md does not say that it may use " $2 ", as " $1 " does"
        }' <(allowed) <(edges; foreign_edges)
}

# "FILE LIBRARY" for each line that includes a header of FFmpeg.
foreign_edges() {
    grep -rHE '^ *#include <lib(av|sw)' --include='*.[ch]' cli lib kernels |
        sed -E 's|^([^:]*): *#include <([a-z]*)/.*|\1 \2|'
}

# What asks for a version of FFmpeg's libraries and is not in lib/media.
find_versions() {
    grep -rlE '\<(LIBAV[A-Z]+_VERSION|FF_API_)' --include='*.[ch]' cli lib kernels | grep -v '^lib/media/' |
        sed 's/$/ knows versions of FFmpeg, which is for lib\/media/'
}

found=$(edges | find_upward; edges | find_circles; find_headless; find_unlisted; find_not_allowed; find_versions)
[ -z "$found" ] && echo "$(edges | wc -l) includes, none upwards" && exit
echo "$found" | sort -u
exit 1
