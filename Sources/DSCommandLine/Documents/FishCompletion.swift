/// Completion for fish 3.
struct FishCompletion {
  private let root: Command

  init(_ root: Command) { self.root = root }

  var text: String {
    let commands = root.descendants()
    let steps = commands.flatMap { path, command in
      [skipOfValues(path, command)].compactMap { $0 }
        + command.subcommands.map { child in
          let name = word(path + [child.name])
          return "            case \(name)\n                set path \(name)"
        }
    }
    return """
      # Completion of \(root.name) for fish, written by its own flag table.
      function __\(prefix)_path
          set -l path \(root.name)
          set -l skips no
          for word in (commandline -opc)[2..-1]
              if test $skips = yes
                  set skips no
                  continue
              end
              switch "$path $word"
      \(steps.joined(separator: "\n"))
              end
          end
          echo $path
      end
      function __\(prefix)_at
          test (__\(prefix)_path) = "$argv"
      end
      complete -c \(root.name) -f
      \(commands.flatMap(completions).joined(separator: "\n"))

      """
  }

  private var prefix: String { root.name.replacing("-", with: "_") }

  private func word(_ words: [String]) -> String {
    ShellWords.quotedForFish(words.joined(separator: " "))
  }

  private func skipOfValues(_ path: [String], _ command: Command) -> String? {
    let names = command.flags.filter { $0.value != .none }.flatMap(\.spellings)
    guard !names.isEmpty else { return nil }
    let patterns = names.map { word(path + [$0]) }.joined(separator: " ")
    return "            case \(patterns)\n                set skips yes"
  }

  private func completions(_ path: [String], _ command: Command) -> [String] {
    let start = "complete -c \(root.name) -n '__\(prefix)_at \(path.joined(separator: " "))'"
    let flags = command.flags.map { flag in
      start + (flag.short.map { " -s \($0)" } ?? "") + " -l \(flag.name)"
        + argument(flag.value) + " -d \(ShellWords.quotedForFish(flag.summary))"
    }
    let subcommands = command.subcommands.map {
      "\(start) -a \($0.name) -d \(ShellWords.quotedForFish($0.summary))"
    }
    let positionals = command.positionals.compactMap { positional -> String? in
      if let choices = positional.value.choices {
        return "\(start) -a \(word(choices))"
      }
      return positional.value == .path ? "\(start) -F" : nil
    }
    return flags + subcommands + positionals
  }

  private func argument(_ value: ValueKind) -> String {
    switch value {
    case .none: ""
    case .path: " -r -F"
    case .choice(let words): " -x -a \(word(words))"
    default: " -x"
    }
  }
}
