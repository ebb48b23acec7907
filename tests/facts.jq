# SPDX-License-Identifier: MIT
# What must survive a run, one fact to a line, out of ffprobe's -show_streams -show_format -show_chapters.
# $video is the filtered stream, $dropped the streams left out; $frame is its first frame, as ffprobe has it.

def kind: if .disposition.attached_pic == 1 then "cover" else .codec_type // "unknown" end;

# Written by whoever muxes, or about the coding that has just been replaced.
def owned: ascii_downcase | test("^(encoder|major_brand|minor_version|compatible_brands|handler_name|vendor_id|duration(-.*)?|rotate|alpha_mode|filename|mimetype|bps(-.*)?|number_of_.*|_statistics_.*|timecode|writing.*)$");

def tags($prefix): (.tags // {}) | to_entries[] | select(.key | owned | not)
    | "\($prefix) tag \(.key | ascii_downcase)=\(.value | gsub("\\s+"; " "))";

def number: if type == "string" and test("/") then split("/") | map(tonumber) | .[0] / .[1] else tonumber end
    | . * 100000 | round / 100000;

def side_data: .side_data_list // [] | .[]
    | select(.side_data_type | test("^(Display Matrix|Mastering display metadata|Content light level metadata|Stereo 3D|Spherical Mapping)$"))
    | (.side_data_type) as $type
    | if $type == "Display Matrix" then "video \($type) \(.displaymatrix | gsub("\\s+"; " ") | gsub("0000000\\d: "; ""))"
      elif $type | test("Mastering|light") then
          to_entries[] | select(.key != "side_data_type") | "video \($type) \(.key) \(.value | number)"
      else "video \($type) \(del(.side_data_type) | tojson)" end;

def known: . != null and . != "unknown" and . != "reserved";

def video: ("sample_aspect_ratio", "color_range", "color_space", "color_primaries", "color_transfer",
        "chroma_location", "field_order") as $key
    | select(.[$key] | known) | "video \($key) \(.[$key])";

[.streams[] | select(.index | IN($dropped[]) | not)] as $streams
| ($streams[] | select(.index == $video) | . * {sample_aspect_ratio: ($frame.sample_aspect_ratio // .sample_aspect_ratio)} | video, side_data),
  ($frame | side_data),
  ($streams | group_by(kind)[] | to_entries[] | .key as $n | .value
    | "\(kind) \($n)" as $name
    | "\($name) codec \(if .index == $video then "filtered" else .codec_name // .tags.filename end)",
      "\($name) dispositions \([.disposition // {} | to_entries[] | select(.value == 1).key] | join(" "))",
      tags($name)),
  (.chapters | to_entries[] | "chapter \(.key) \(.value.tags.title // "")"),
  (.format | tags("file"))
