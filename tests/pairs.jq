# Compares an output with its source: $want and $have are what ffprobe says of them, $report is the program's, $asked is
# the pixel format that was asked for. Prints a line for each property that the source has: "kept PROPERTY",
# "said PROPERTY" where a sentence of the report names what has become of it, or "silent PROPERTY".

def known: if . == null or . == "unknown" or . == "unspecified" or . == "und" or . == "" then null else . end;
def stream($type): [.streams[]? | select(.codec_type == $type)][0];
def frames_of($type): [.frames[]? | select(.media_type == $type)];
def times($type): [frames_of($type)[] | (.best_effort_timestamp_time // .pts_time // empty) | tonumber] | sort;
# Where the file has no time for a picture, it comes as the rate has it.
def period: stream("video").r_frame_rate // "25/1" | split("/") | map(tonumber) |
    if .[0] > 0 then .[1] / .[0] else 0.04 end;
def shown: period as $period | reduce frames_of("video")[] as $f ([];
    . + [if $f.pts_time then $f.pts_time | tonumber elif length > 0 then .[-1] + $period else 0 end]);
def from_first: . as $t | map(. - $t[0]);
def picture: frames_of("video")[0];
# BT.601's matrix has two names.
def of_picture($key): ((picture[$key] | known) // (stream("video")[$key] | known)) |
    if $key == "color_space" and . == "bt470bg" then "smpte170m" else . end;
def side_data($words): [(picture, stream("video")) | .side_data_list[]?.side_data_type] | any(test($words));
def pix_fmt: stream("video").pix_fmt // "";
def is_yuv: pix_fmt | test("^(yuv|nv|uyv|yuy|ayuv|vuy|p0|p2|y21)");
def is_coarse: is_yuv and (pix_fmt | test("444|p4") | not);
def has_alpha: pix_fmt | test("yuva|gbrap|rgba|argb|bgra|abgr|ayuv|vuya|ya8|ya16|pal8");
def is_deep: pix_fmt | test("(9|10|12|14|16|32|48|64)(le|be)");
def range: of_picture("color_range") // (if pix_fmt | test("yuvj") then "pc" else "tv" end);
def shape: of_picture("sample_aspect_ratio") // "1:1" | split(":") | map(tonumber) |
    if .[0] > 0 and .[1] > 0 then .[0] / .[1] else 1 end;
def is_interlaced: picture.interlaced_frame == 1 or (of_picture("field_order") // "progressive") != "progressive";
def tag_of($name): (.tags // {}) | with_entries(.key |= ascii_downcase)[$name] | known;
def time_code: [(.format, .streams[]?) | tag_of("timecode") // empty][0];
def near($a; $b; $most): ($a - $b) < $most and ($b - $a) < $most;
def same_times($a; $b): ($a | length) == ($b | length) and
    ([$a, $b] | transpose | all(near(.[0]; .[1]; 0.006)));
def lead: if (times("audio") | length) > 0 and (times("video") | length) > 0
    then times("audio")[0] - times("video")[0] else null end;

# A property: its name, whether the source has it, whether the output has it, and the words that tell of a change.
def property($name; $is_there; $is_kept; $words): {$name, $is_there, $is_kept, $words};
def color($name; $key; $is_meant; $words):
    ($want[0] | of_picture($key)) as $w |
    property($name; $is_meant and $w != null; ($have[0] | of_picture($key)) == $w; $words);
def tag($type; $name; $words):
    ($want[0] | stream($type)) as $w | ($have[0] | stream($type)) as $h |
    property($type + " " + $name; $h != null and ($w | tag_of($name)) != null;
        ($h | tag_of($name)) == ($w | tag_of($name)); $words);

($want[0]) as $w | ($have[0]) as $h | ($h | is_yuv) as $yuv |
([$report[0].notes[]?, $report[0].losses[]?] | join("\n")) as $told |
property("range"; $yuv and ($w | is_yuv); ($w | range) == "tv" or ($h | range) == "pc"; "range"),
color("matrix"; "color_space"; $yuv and ($w | is_yuv); "matrix"),
color("primaries"; "color_primaries"; true; "primaries"),
color("transfer"; "color_transfer"; true; "transfer"),
property("chroma location"; ($h | is_coarse) and ($w | is_coarse);
    (($h | of_picture("chroma_location")) // "left") == (($w | of_picture("chroma_location")) // "left");
    "chroma location"),
property("pixel aspect"; true; near(($h | shape) / ($w | shape); 1; 0.006); "aspect"),
property("fields"; $w | is_interlaced; $h | is_interlaced; "field|interlaced"),
property("rotation"; $w | side_data("isplay ?[mM]atrix"); $h | side_data("isplay ?[mM]atrix"); "rotation|turn"),
property("mastering display"; $w | side_data("Mastering"); $h | side_data("Mastering"); "mastering"),
property("light level"; $w | side_data("light level"); $h | side_data("light level"); "light level"),
property("depth"; $asked == "" and ($w | is_deep); $h | is_deep; "bit"),
property("alpha"; $asked == "" and ($w | has_alpha); $h | has_alpha; "alpha"),
property("times"; true; same_times($w | shown | from_first; $h | shown | from_first);
    "counts frames|repeated|rate|times|after the first"),
property("sound"; ($w | stream("audio")) != null; ($h | times("audio") | length) > 0; "stream 1 "),
property("sound's start"; ($w | lead) != null and ($h | lead) != null; near(($w | lead) // 0; ($h | lead) // 0; 0.03);
    "stream 1 is .* (late|early)|silence"),
property("text"; ($w | stream("subtitle")) != null; ($h | stream("subtitle")) != null; "stream 2 "),
tag("audio"; "language"; "language"),
tag("subtitle"; "language"; "language"),
property("forced"; ($h | stream("subtitle")) != null and ($w | stream("subtitle")).disposition.forced == 1;
    ($h | stream("subtitle")).disposition.forced == 1; "forced|disposition"),
property("chapters"; ($w.chapters | length) > 0; ($h.chapters | length) == ($w.chapters | length); "chapters"),
property("title"; ($w.format | tag_of("title")) != null;
    ($h.format | tag_of("title")) == ($w.format | tag_of("title")); "title|tags?\\b"),
property("time code"; ($w | time_code) != null; ($h | time_code) == ($w | time_code); "time ?code (?!is carried)") |
select(.is_there) | . as $p |
(if $p.is_kept then "kept" elif $told | test($p.words) then "said" else "silent" end) + " " + $p.name
