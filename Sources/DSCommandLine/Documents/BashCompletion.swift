/// Completion for bash 4.1 and later, without the bash-completion package.
struct BashCompletion {
  private let root: Command

  init(_ root: Command) { self.root = root }

  var text: String {
    let function = ShellWords.identifier([root.name])
    let commands = root.descendants()
    return """
      # Completion of \(root.name) for bash, written by its own flag table.
      \(function)() {
        local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
        local path=\(root.name) words='' files='' index
        COMPREPLY=()

        # Which command the words so far name; the values of flags are not among them.
        for ((index = 1; index < COMP_CWORD; index++)); do
          case "$path ${COMP_WORDS[index]}" in
      \(lines(commands.compactMap(skipOfValues), indent: 6))
      \(lines(commands.flatMap(stepsDown), indent: 6))
          esac
        done

        # The value of a flag; bash takes '=' for a word of its own.
        if [[ $current == '=' ]]; then
          current=''
        elif [[ $previous == '=' ]]; then
          previous=${COMP_WORDS[COMP_CWORD-2]}
        fi
        case "$path $previous" in
      \(lines(commands.flatMap(values), indent: 4))
        esac

        case $path in
      \(lines(commands.map(offers), indent: 4))
        esac
        if [[ $current == -* || -z $files ]]; then
          mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
        else
          compopt -o filenames
          mapfile -t COMPREPLY < <(compgen -f -- "$current")
        fi
      }
      complete -F \(function) \(root.name)

      """
  }

  private typealias Node = (path: [String], command: Command)

  private func lines(_ lines: [String], indent: Int) -> String {
    lines.map { String(repeating: " ", count: indent) + $0 }.joined(separator: "\n")
  }

  /// A case pattern for any of these words after the path.
  private func pattern(_ path: [String], _ words: [String]) -> String {
    words.map { ShellWords.quoted((path + [$0]).joined(separator: " ")) }.joined(separator: " | ")
  }

  private func skipOfValues(_ node: Node) -> String? {
    let words = node.command.flags.filter { $0.value != .none }.flatMap(\.spellings)
    guard !words.isEmpty else { return nil }
    return "\(pattern(node.path, words)))\n"
      + "        [[ ${COMP_WORDS[index+1]} == '=' ]] && ((index++))\n        ((index++)) ;;"
  }

  private func stepsDown(_ node: Node) -> [String] {
    node.command.subcommands.map { child in
      let name = pattern(node.path, [child.name])
      return "\(name)) path=\(name) ;;"
    }
  }

  private func values(_ node: Node) -> [String] {
    node.command.flags.filter { $0.value != .none }.map { flag in
      let action =
        if let choices = flag.value.choices {
          "mapfile -t COMPREPLY < <(compgen -W \(quotedList(choices)) -- \"$current\"); return"
        } else if flag.value == .path {
          "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- \"$current\"); return"
        } else {
          "return"
        }
      return "\(pattern(node.path, flag.spellings))) \(action) ;;"
    }
  }

  private func offers(_ node: Node) -> String {
    let positionals = node.command.positionals
    let words =
      node.command.subcommands.map(\.name) + positionals.flatMap { $0.value.choices ?? [] }
      + node.command.flags.map(\.spelling)
    let files = positionals.contains { $0.value == .path } ? " files=yes" : ""
    let path = ShellWords.quoted(node.path.joined(separator: " "))
    return "\(path)) words=\(quotedList(words))\(files) ;;"
  }

  private func quotedList(_ words: [String]) -> String {
    ShellWords.quoted(words.joined(separator: " "))
  }
}
