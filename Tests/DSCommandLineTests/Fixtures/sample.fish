# Completion of sample for fish, written by its own flag table.
function __sample_path
    set -l path sample
    set -l skips no
    for word in (commandline -opc)[2..-1]
        if test $skips = yes
            set skips no
            continue
        end
        switch "$path $word"
            case 'sample --model' 'sample -m' 'sample --width' 'sample --time' 'sample --effort' 'sample --threads' 'sample -t' 'sample --bias' 'sample --output' 'sample -o' 'sample --color'
                set skips yes
            case 'sample check'
                set path 'sample check'
            case 'sample compare'
                set path 'sample compare'
            case 'sample help'
                set path 'sample help'
            case 'sample generate'
                set path 'sample generate'
            case 'sample check --threads' 'sample check -t' 'sample check --color'
                set skips yes
            case 'sample compare --color'
                set skips yes
            case 'sample compare kernels'
                set path 'sample compare kernels'
            case 'sample compare runs'
                set path 'sample compare runs'
            case 'sample compare kernels --threads' 'sample compare kernels --kernels' 'sample compare kernels --color'
                set skips yes
            case 'sample compare runs --color'
                set skips yes
            case 'sample help --color'
                set skips yes
            case 'sample generate --color'
                set skips yes
        end
    end
    echo $path
end
function __sample_at
    test (__sample_path) = "$argv"
end
complete -c sample -f
complete -c sample -n '__sample_at sample' -s m -l model -x -d 'What to work on'
complete -c sample -n '__sample_at sample' -l width -x -d 'Width multiplier'
complete -c sample -n '__sample_at sample' -l time -x -d 'Stop after so long'
complete -c sample -n '__sample_at sample' -l effort -x -a 'estimate measure patient exhaustive heroic' -d 'How hard to try'
complete -c sample -n '__sample_at sample' -s t -l threads -x -d 'Use so many threads'
complete -c sample -n '__sample_at sample' -l bias -x -d 'Lean this way'
complete -c sample -n '__sample_at sample' -s o -l output -r -F -d 'Write the result there'
complete -c sample -n '__sample_at sample' -l resume -d 'Go on where the last run ended'
complete -c sample -n '__sample_at sample' -s v -l verbose -d 'Say more; twice for more still'
complete -c sample -n '__sample_at sample' -s h -l help -d 'Print help: -h in short, --help in full'
complete -c sample -n '__sample_at sample' -s V -l version -d 'Print the version and what it runs on'
complete -c sample -n '__sample_at sample' -l color -x -a 'auto always never' -d 'When to use colors'
complete -c sample -n '__sample_at sample' -a check -d 'Says whether a file fits this machine [or another]'
complete -c sample -n '__sample_at sample' -a compare -d 'Compares things'
complete -c sample -n '__sample_at sample' -a help -d 'Print the help of a command'
complete -c sample -n '__sample_at sample' -a generate -d 'Print the man page or a shell\'s completions'
complete -c sample -n '__sample_at sample check' -s t -l threads -x -d 'Use so many threads'
complete -c sample -n '__sample_at sample check' -l strict -d 'Fail on the smallest doubt'
complete -c sample -n '__sample_at sample check' -s h -l help -d 'Print help: -h in short, --help in full'
complete -c sample -n '__sample_at sample check' -s V -l version -d 'Print the version and what it runs on'
complete -c sample -n '__sample_at sample check' -l color -x -a 'auto always never' -d 'When to use colors'
complete -c sample -n '__sample_at sample check' -F
complete -c sample -n '__sample_at sample compare' -s h -l help -d 'Print help: -h in short, --help in full'
complete -c sample -n '__sample_at sample compare' -s V -l version -d 'Print the version and what it runs on'
complete -c sample -n '__sample_at sample compare' -l color -x -a 'auto always never' -d 'When to use colors'
complete -c sample -n '__sample_at sample compare' -a kernels -d 'Compares kernels'
complete -c sample -n '__sample_at sample compare' -a runs -d 'Compares runs'
complete -c sample -n '__sample_at sample compare kernels' -l threads -x -d 'Numbers of threads to try'
complete -c sample -n '__sample_at sample compare kernels' -l kernels -x -d 'Kernels to compare'
complete -c sample -n '__sample_at sample compare kernels' -s h -l help -d 'Print help: -h in short, --help in full'
complete -c sample -n '__sample_at sample compare kernels' -s V -l version -d 'Print the version and what it runs on'
complete -c sample -n '__sample_at sample compare kernels' -l color -x -a 'auto always never' -d 'When to use colors'
complete -c sample -n '__sample_at sample compare runs' -s h -l help -d 'Print help: -h in short, --help in full'
complete -c sample -n '__sample_at sample compare runs' -s V -l version -d 'Print the version and what it runs on'
complete -c sample -n '__sample_at sample compare runs' -l color -x -a 'auto always never' -d 'When to use colors'
complete -c sample -n '__sample_at sample help' -s h -l help -d 'Print help: -h in short, --help in full'
complete -c sample -n '__sample_at sample help' -s V -l version -d 'Print the version and what it runs on'
complete -c sample -n '__sample_at sample help' -l color -x -a 'auto always never' -d 'When to use colors'
complete -c sample -n '__sample_at sample generate' -s h -l help -d 'Print help: -h in short, --help in full'
complete -c sample -n '__sample_at sample generate' -s V -l version -d 'Print the version and what it runs on'
complete -c sample -n '__sample_at sample generate' -l color -x -a 'auto always never' -d 'When to use colors'
complete -c sample -n '__sample_at sample generate' -a 'man bash zsh fish'
