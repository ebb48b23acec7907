# SPDX-License-Identifier: MIT
# Completes warpreel's command line in fish: options, what they take, and filters at any place of a chain.

# Every filter behind what stands before the last comma of the word being typed.
function __warpreel_chain
    set -l value (string replace -r '^--[a-z-]+=' '' -- (commandline -ct))
    set -l kept (string replace -r '[^,]*$' '' -- $value)
    __warpreel_filters | string replace -r '^' -- "$kept"
end

# BEGIN FISH
# END FISH
