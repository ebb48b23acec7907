# SPDX-License-Identifier: MIT
# Completes warpreel's command line in fish: options, what they take, and filters at any place of a chain. Behind -i
# the options are ffmpeg's.

# Whether the line is one for ffmpeg.
function __warpreel_is_for_ffmpeg
    contains -- -i (commandline -opc)
end

# Every filter behind what stands before the last comma of the word being typed.
function __warpreel_chain
    set -l value (string replace -r '^--[a-z-]+=' '' -- (commandline -ct))
    set -l kept (string replace -r '[^,]*$' '' -- $value)
    begin
        __warpreel_filters
        __warpreel_names CHAIN
    end | string replace -r '^' -- "$kept"
end

# BEGIN FISH
# END FISH
