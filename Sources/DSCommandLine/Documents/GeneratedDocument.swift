/// A document that is written from the flag table.
enum GeneratedDocument: String, CaseIterable {
  case man, bash, zsh, fish

  func text(for program: Program) -> String {
    switch self {
    case .man: ManPage(program).text
    case .bash: BashCompletion(program.root).text
    case .zsh: ZshCompletion(program.root).text
    case .fish: FishCompletion(program.root).text
    }
  }
}
