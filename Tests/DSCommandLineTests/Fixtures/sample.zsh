#compdef sample
# Completion of sample for zsh, written by its own flag table.

_sample() {
  local curcontext=$curcontext state line
  typeset -A opt_args
  _arguments -C -s -S \
    '(-m --model)'{-m+,--model=}'[What to work on]:NAME: ' \
    '--width=[Width multiplier]:N: ' \
    '--time=[Stop after so long]:TIME: ' \
    '--effort=[How hard to try]:NAME:(estimate measure patient exhaustive heroic)' \
    '(-t --threads)'{-t+,--threads=}'[Use so many threads]:N: ' \
    '--bias=[Lean this way]:N: ' \
    '(-o --output)'{-o+,--output=}'[Write the result there]:FILE:_files' \
    '--resume[Go on where the last run ended]' \
    '(-v --verbose)'{-v,--verbose}'[Say more; twice for more still]' \
    '(-h --help)'{-h,--help}'[Print help\: -h in short, --help in full]' \
    '(-V --version)'{-V,--version}'[Print the version and what it runs on]' \
    '--color=[When to use colors]:WHEN:(auto always never)' \
    '1: :->command' \
    '*:: :->rest'
  case $state in
    command)
      local -a commands=(
        'check:Says whether a file fits this machine [or another]'
        'compare:Compares things'
        'help:Print the help of a command'
        'generate:Print the man page or a shell'\''s completions'
      )
      _describe command commands ;;
    rest)
      case $line[1] in
        check) _sample_check ;;
        compare) _sample_compare ;;
        help) _sample_help ;;
        generate) _sample_generate ;;
      esac ;;
  esac
}

_sample_check() {
  local curcontext=$curcontext state line
  typeset -A opt_args
  _arguments -C -s -S \
    '(-t --threads)'{-t+,--threads=}'[Use so many threads]:N: ' \
    '--strict[Fail on the smallest doubt]' \
    '(-h --help)'{-h,--help}'[Print help\: -h in short, --help in full]' \
    '(-V --version)'{-V,--version}'[Print the version and what it runs on]' \
    '--color=[When to use colors]:WHEN:(auto always never)' \
    '1:FILE:_files' \
    '*:WORD: '
}

_sample_compare() {
  local curcontext=$curcontext state line
  typeset -A opt_args
  _arguments -C -s -S \
    '(-h --help)'{-h,--help}'[Print help\: -h in short, --help in full]' \
    '(-V --version)'{-V,--version}'[Print the version and what it runs on]' \
    '--color=[When to use colors]:WHEN:(auto always never)' \
    '1: :->command' \
    '*:: :->rest'
  case $state in
    command)
      local -a commands=(
        'kernels:Compares kernels'
        'runs:Compares runs'
      )
      _describe command commands ;;
    rest)
      case $line[1] in
        kernels) _sample_compare_kernels ;;
        runs) _sample_compare_runs ;;
      esac ;;
  esac
}

_sample_compare_kernels() {
  local curcontext=$curcontext state line
  typeset -A opt_args
  _arguments -C -s -S \
    '--threads=[Numbers of threads to try]:N,…: ' \
    '--kernels=[Kernels to compare]:NAME,…: ' \
    '(-h --help)'{-h,--help}'[Print help\: -h in short, --help in full]' \
    '(-V --version)'{-V,--version}'[Print the version and what it runs on]' \
    '--color=[When to use colors]:WHEN:(auto always never)'
}

_sample_compare_runs() {
  local curcontext=$curcontext state line
  typeset -A opt_args
  _arguments -C -s -S \
    '(-h --help)'{-h,--help}'[Print help\: -h in short, --help in full]' \
    '(-V --version)'{-V,--version}'[Print the version and what it runs on]' \
    '--color=[When to use colors]:WHEN:(auto always never)'
}

_sample_help() {
  local curcontext=$curcontext state line
  typeset -A opt_args
  _arguments -C -s -S \
    '(-h --help)'{-h,--help}'[Print help\: -h in short, --help in full]' \
    '(-V --version)'{-V,--version}'[Print the version and what it runs on]' \
    '--color=[When to use colors]:WHEN:(auto always never)' \
    '*:COMMAND: '
}

_sample_generate() {
  local curcontext=$curcontext state line
  typeset -A opt_args
  _arguments -C -s -S \
    '(-h --help)'{-h,--help}'[Print help\: -h in short, --help in full]' \
    '(-V --version)'{-V,--version}'[Print the version and what it runs on]' \
    '--color=[When to use colors]:WHEN:(auto always never)' \
    '1:FORM:(man bash zsh fish)'
}

if [[ $funcstack[1] == _sample ]]; then
  _sample "$@"
else
  compdef _sample sample
fi
