# Completion of sample for bash, written by its own flag table.
_sample() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
  local path=sample words='' files='' index
  COMPREPLY=()

  # Which command the words so far name; the values of flags are not among them.
  for ((index = 1; index < COMP_CWORD; index++)); do
    case "$path ${COMP_WORDS[index]}" in
      'sample --model' | 'sample -m' | 'sample --width' | 'sample --time' | 'sample --effort' | 'sample --threads' | 'sample -t' | 'sample --bias' | 'sample --output' | 'sample -o' | 'sample --color')
        [[ ${COMP_WORDS[index+1]} == '=' ]] && ((index++))
        ((index++)) ;;
      'sample check --threads' | 'sample check -t' | 'sample check --color')
        [[ ${COMP_WORDS[index+1]} == '=' ]] && ((index++))
        ((index++)) ;;
      'sample compare --color')
        [[ ${COMP_WORDS[index+1]} == '=' ]] && ((index++))
        ((index++)) ;;
      'sample compare kernels --threads' | 'sample compare kernels --kernels' | 'sample compare kernels --color')
        [[ ${COMP_WORDS[index+1]} == '=' ]] && ((index++))
        ((index++)) ;;
      'sample compare runs --color')
        [[ ${COMP_WORDS[index+1]} == '=' ]] && ((index++))
        ((index++)) ;;
      'sample help --color')
        [[ ${COMP_WORDS[index+1]} == '=' ]] && ((index++))
        ((index++)) ;;
      'sample generate --color')
        [[ ${COMP_WORDS[index+1]} == '=' ]] && ((index++))
        ((index++)) ;;
      'sample check') path='sample check' ;;
      'sample compare') path='sample compare' ;;
      'sample help') path='sample help' ;;
      'sample generate') path='sample generate' ;;
      'sample compare kernels') path='sample compare kernels' ;;
      'sample compare runs') path='sample compare runs' ;;
    esac
  done

  # The value of a flag; bash takes '=' for a word of its own.
  if [[ $current == '=' ]]; then
    current=''
  elif [[ $previous == '=' ]]; then
    previous=${COMP_WORDS[COMP_CWORD-2]}
  fi
  case "$path $previous" in
    'sample --model' | 'sample -m') return ;;
    'sample --width') return ;;
    'sample --time') return ;;
    'sample --effort') mapfile -t COMPREPLY < <(compgen -W 'estimate measure patient exhaustive heroic' -- "$current"); return ;;
    'sample --threads' | 'sample -t') return ;;
    'sample --bias') return ;;
    'sample --output' | 'sample -o') compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    'sample --color') mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$current"); return ;;
    'sample check --threads' | 'sample check -t') return ;;
    'sample check --color') mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$current"); return ;;
    'sample compare --color') mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$current"); return ;;
    'sample compare kernels --threads') return ;;
    'sample compare kernels --kernels') return ;;
    'sample compare kernels --color') mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$current"); return ;;
    'sample compare runs --color') mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$current"); return ;;
    'sample help --color') mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$current"); return ;;
    'sample generate --color') mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$current"); return ;;
  esac

  case $path in
    'sample') words='check compare help generate --model --width --time --effort --threads --bias --output --resume --verbose --help --version --color' ;;
    'sample check') words='--threads --strict --help --version --color' files=yes ;;
    'sample compare') words='kernels runs --help --version --color' ;;
    'sample compare kernels') words='--threads --kernels --help --version --color' ;;
    'sample compare runs') words='--help --version --color' ;;
    'sample help') words='--help --version --color' ;;
    'sample generate') words='man bash zsh fish --help --version --color' ;;
  esac
  if [[ $current == -* || -z $files ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  else
    compopt -o filenames
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
  fi
}
complete -F _sample sample
