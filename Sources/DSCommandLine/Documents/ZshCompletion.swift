/// Completion for zsh's `_arguments`, one function a command.
struct ZshCompletion {
  private let root: Command

  init(_ root: Command) { self.root = root }

  var text: String {
    let entry = ShellWords.identifier([root.name])
    let functions = root.descendants().map(function).joined(separator: "\n")
    return """
      #compdef \(root.name)
      # Completion of \(root.name) for zsh, written by its own flag table.

      \(functions)
      if [[ $funcstack[1] == \(entry) ]]; then
        \(entry) "$@"
      else
        compdef \(entry) \(root.name)
      fi

      """
  }

  private func function(_ path: [String], _ command: Command) -> String {
    var specifications = command.flags.map(specification)
    if command.subcommands.isEmpty {
      specifications += command.positionals.enumerated().map { index, positional in
        let place = positional.maximumCount == .max ? "*" : "\(index + 1)"
        let optional = positional.minimumCount == 0 && place != "*" ? ":" : ""
        return ShellWords.quoted(
          "\(place):\(optional)\(escaped(positional.name)):\(action(positional.value))")
      }
    } else {
      specifications += ["'1: :->command'", "'*:: :->rest'"]
    }
    let list = specifications.joined(separator: " \\\n    ")
    return """
      \(ShellWords.identifier(path))() {
        local curcontext=$curcontext state line
        typeset -A opt_args
        _arguments -C -s -S \\
          \(list)
      \(command.subcommands.isEmpty ? "" : descent(path, command))}

      """
  }

  /// Offers the subcommands, or goes on in the one that is there.
  private func descent(_ path: [String], _ command: Command) -> String {
    let described = command.subcommands.map {
      "        " + ShellWords.quoted("\($0.name):\($0.summary.replacing(":", with: "\\:"))")
    }
    let cases = command.subcommands.map {
      "        \($0.name)) \(ShellWords.identifier(path + [$0.name])) ;;"
    }
    return """
        case $state in
          command)
            local -a commands=(
      \(described.joined(separator: "\n"))
            )
            _describe command commands ;;
          rest)
            case $line[1] in
      \(cases.joined(separator: "\n"))
            esac ;;
        esac

      """
  }

  /// `'(-t --threads)'{-t+,--threads=}'[summary]:N: '`
  private func specification(_ flag: Flag) -> String {
    let takesValue = flag.value != .none
    let long = flag.spelling + (takesValue ? "=" : "")
    let tail =
      "[\(escaped(flag.summary))]"
      + (takesValue ? ":\(escaped(flag.placeholder)):\(action(flag.value))" : "")
    guard let short = flag.short else { return ShellWords.quoted(long + tail) }
    let names = "{-\(short)\(takesValue ? "+" : ""),\(long)}"
    return "'(-\(short) \(flag.spelling))'\(names)\(ShellWords.quoted(tail))"
  }

  private func action(_ value: ValueKind) -> String {
    if let choices = value.choices { return "(\(choices.joined(separator: " ")))" }
    return value == .path ? "_files" : " "
  }

  private func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      if "[]:\\".contains(character) { result.append("\\") }
      result.append(character)
    }
  }
}
