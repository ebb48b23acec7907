# SPDX-License-Identifier: MIT
# What is wrong with a trace, one sentence to a line: jq -r -f tests/trace.jq TRACE.

def rounding: 0.0005; # microseconds
def ends: .ts + .dur;

# Spans of a track that begin inside another one and end behind it.
def overlaps:
    reduce (sort_by(.ts, -.dur) | .[]) as $span ({open: [], bad: []};
        .open |= until(length == 0 or (last | ends) > $span.ts + rounding; .[:-1])
        | if (.open | length) > 0 and ($span | ends) > (.open | last | ends) + rounding
          then .bad += [$span] else . end
        | .open += [$span])
    | .bad;

.traceEvents
| (map(select(.name == "thread_name")) | map({key: "\(.tid)", value: .args.name}) | from_entries) as $names
| map(select(.ph == "X")) as $spans
| (($spans | group_by(.tid) | .[] | overlaps | .[] |
       "\($names["\(.tid)"]): \(.name) at \(.ts) overlaps another span"),
   ($spans[] | select(.dur < 0 or .ts < 0) | "\(.name) at \(.ts) lasts \(.dur)"),
   ($spans[] | select($names["\(.tid)"] == null) | "\(.name) at \(.ts) is on a thread without a name"),
   (select(($names | map(.) | length) != ($names | map(.) | unique | length)) | "two threads of one name"))
