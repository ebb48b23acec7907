# SPDX-License-Identifier: MIT
# needs: counter-120.mp4
# Lines on batches, in words and as JSON: all that must be there, whatever the machine.
clip=$SAMPLES/counter-120.mp4
warpreel -q -d cpu -f unsharp "$clip" -o a.mkv --memory 2> words
grep -o 'batch [0-9]*,\|[0-9]* valid and [0-9]* padded' words | paste -s -d ' '
head -n 1 words | sed 's/[0-9.]\{1,\}/N/g'
warpreel -q -d cpu -f unsharp "$clip" -o b.mkv --memory --progress json 2> lines
grep '"type":"batch"' lines > batches
jq -c '[.batch, .valid, .padded, .device_allocations, .fragmentation]' batches
jq -e -s 'all(.[]; .allocated_bytes <= .peak_allocated_bytes and .peak_allocated_bytes <= .peak_reserved_bytes
    and .requested_bytes <= .peak_allocated_bytes and .lower_bound_bytes > 0 and .kernels_milliseconds > 0)' batches

# The plan: a rectangle for each buffer, a legend, and the two lines.
warpreel -q -d cpu -j 1 -f "unsharp,eq=contrast=1.2,unsharp=7:7" "$clip" -o c.mkv --memory-plot plan.svg
grep -c '<g><rect' plan.svg
grep -o '>unsharp<\|>eq<\|lower bound\|>peak' plan.svg | sort | uniq -c | sed 's/^ *//'
# Cut into segments: all that is held, for every thread and across cuts, and no byte twice at one time.
warpreel -q -d cpu -j 3 -b 1 --frames 3 -f "gblur=20,gblur=30,scale=320:256" "$clip" -o c.mkv -y --memory-plot plan.svg --report report.json
sed -n 's/.*(\([0-9]*\) bytes) at \([0-9]*\), from \([0-9]*\) to \([0-9]*\)<.*/\2 \1 \3 \4/p' plan.svg |
    awk '{
        for (n = 1; n < NR; n++)
            if ($1 < end[n] && start[n] < $1 + $2 && $3 < to[n] && from[n] < $4)
                print "buffers " n " and " NR " overlap"
        start[NR] = $1; end[NR] = $1 + $2; from[NR] = $3; to[NR] = $4
        if (end[NR] > highest) highest = end[NR]
    }
    END { print NR " buffers, " highest " bytes" }'
grep -o '>peak.*bytes' plan.svg
grep -o '"arena_bytes": [0-9]*' report.json
warpreel -q -d cpu "$clip" -o d.mkv --memory-plot - | grep -o 'nothing to plan'
warpreel -q -d cpu "$clip" -o e.mkv --memory-plot e.mkv
echo "taken: $?"
warpreel -q -d cpu "$clip" -o e.mkv --memory-plot nowhere/plan.svg
echo "nowhere: $?"
ls
