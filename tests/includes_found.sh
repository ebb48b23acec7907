#!/bin/bash
# SPDX-License-Identifier: MIT
# Does in a copy of the tree what includes.sh is to find, one thing at a time, and looks whether it finds it.
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
cp -r "$root"/{cli,lib,kernels,man} "$work"

# found WHAT FILE LINE SENTENCE: LINE, added to FILE, has to be answered with SENTENCE.
found() {
    local said
    printf '%s\n' "$3" >> "$work/$2"
    said=$("$root/tests/includes.sh" "$work") && echo "FAIL: $1: nothing is found" && failed=1
    [[ $said == *"$4"* ]] || { echo "FAIL: $1: said: $said"; failed=1; }
    rm "$work/$2"
    [ ! -e "$root/$2" ] || cp "$root/$2" "$work/$2"
}

found "a folder above" lib/media/frame.c '#include "lib/run/job.h"' \
    'lib/media/frame.c includes lib/run/job.h, which comes later in layers.txt'
found "upwards between the folders of output" lib/output/convert/sound.c '#include "lib/output/chunks/pieces.h"' \
    'lib/output/convert/sound.c includes lib/output/chunks/pieces.h, which comes later in layers.txt'
found "upwards between the folders of run" lib/run/batches/runner.c '#include "lib/run/stages/stages.h"' \
    'lib/run/batches/runner.c includes lib/run/stages/stages.h, which comes later in layers.txt'
found "upwards in the command line" cli/options.c '#include "cli/many/many.h"' \
    'cli/options.c includes cli/many/many.h, which comes later in layers.txt'
found "inside the library" cli/options.c '#include "lib/base/queue.h"' \
    'cli/options.c includes lib/base/queue.h: the command line sees the public header only'
found "a circle" lib/output/tags.h '#include "lib/output/copy.h"' 'lib/output/tags is part of a circle'
found "no header" kernels/pixel/lone.c 'int wr_lone(void)' 'kernels/pixel/lone.c has no header of its own for wr_lone()'
found "not on the page" lib/base/lone.h '#pragma once' 'lib/base/lone.h is not on the page of its folder'
found "not allowed" lib/chain/syntax.c '#include "lib/plan/arena.h"' \
    'lib/chain/README.md does not say that it may use lib/plan/arena.h, as lib/chain/syntax.c does'
found "a library that is not allowed" lib/engine/engine.c '#include <libavutil/mem.h>' \
    'lib/engine/README.md does not say that it may use libavutil, as lib/engine/engine.c does'
found "a version" lib/output/tags.c '#if LIBAVFORMAT_VERSION_MAJOR > 59' \
    'lib/output/tags.c knows versions of FFmpeg, which is for lib/media'

[ $failed -eq 0 ] && echo "eleven mistakes, all found"
exit $failed
