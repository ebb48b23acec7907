# SPDX-License-Identifier: MIT
# zsh_completes.zsh FOLDER LINE: an interactive zsh that finds completion in FOLDER is given LINE and the TAB key; says
# which arguments the line has then, each in <>.
zmodload zsh/zpty || exit 77
zpty shell $commands[zsh] -f -i
# Words that the script waits for do not stand so in what it types.
zpty -w shell "module_path=($module_path); fpath=($1 $fpath); autoload -Uz compinit; compinit -u -D
    warpreel() { printf '<%s>' \"\$@\"; echo }; print rea''dy"
zpty -r shell out '*ready*'
zpty -w -n shell "$2"$'\t\n'
zpty -w shell "print e''nd"
zpty -r shell out '*end*'
print -r -- "$out" | tr -d "\r" | grep -o "<.*>" | tail -n 1
zpty -d shell
