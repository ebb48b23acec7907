# SPDX-License-Identifier: MIT
# Completes warpreel's command line in bash: options, what they take, and filters at any place of a chain. Behind -i
# the options are ffmpeg's.

_warpreel()
{
    local filters
    local -A own ffmpeg # what each option takes, in the words of the help
    local -A names      # that FFmpeg knows, by these words
    # BEGIN BASH
    # END BASH

    # What is being typed and the word before it, split at spaces alone: bash splits at = and : as well.
    local line=${COMP_LINE:0:COMP_POINT}
    local value=${line##*[[:space:]]}
    local before=${line%"$value"}
    before=${before%"${before##*[![:space:]]}"}
    local option=${before##*[[:space:]]}
    if [[ $value == --*=* ]]; then
        option=${value%%=*} value=${value#*=}
    fi
    value=${value#[\"\']}

    local -n arguments=own
    [[ $before != *[[:space:]]-i[[:space:]]* ]] || local -n arguments=ffmpeg
    local argument=${arguments[$option]-} words='' kept=''
    if [[ $argument == CHAIN ]]; then
        words="$filters ${names[CHAIN]}" kept=${value%"${value##*,}"}
        compopt -o nospace
    elif [[ $argument == '[FILTER]' && $value != -* ]]; then
        words=$filters
    elif [[ $argument && ${names[${argument%%'['*}]-} ]]; then
        words=${names[${argument%%'['*}]}
    elif [[ $argument == *'|'* ]]; then
        words=${argument%%'['*} words=${words//|/ }
    elif [[ ! $argument || $argument == '[FILTER]' ]] && [[ $value == -* ]]; then
        words=${!arguments[*]}
    elif [[ ! $argument || $argument == @(FILE|PATH) ]]; then
        compopt -o default # the names of files
    fi
    mapfile -t COMPREPLY < <(compgen -W "$words" -P "$kept" -- "${value#"$kept"}")

    # Bash puts the answer in place of what it takes for the word.
    local word=${COMP_WORDS[COMP_CWORD]}
    word=${word#[\"\'=:]}
    COMPREPLY=("${COMPREPLY[@]#"${value%"$word"}"}")
}

complete -F _warpreel warpreel
