// Checks Grammar/ and writes what is derived from it. `--check` writes nothing and exits with 1
// if a derived file is stale. Run from the root of the package.

import ApusGrammar

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

let arguments = CommandLine.arguments.dropFirst()
guard arguments.allSatisfy({ $0 == "--check" }) else {
  print("usage: apus-grammar [--check]")
  exit(2)
}
let isCheck = !arguments.isEmpty

do throws(GrammarError) {
  let folder = GrammarFolder(root: ".")
  let mistakes = GrammarLint.mistakes(in: try folder.readGrammar())
  for mistake in mistakes { print("Grammar/\(mistake)") }
  var hasFailed = !mistakes.isEmpty
  for (path, text) in try folder.generated() {
    guard try folder.read(path) != text else { continue }
    if isCheck {
      print("\(path): stale; run swift run apus-grammar")
      hasFailed = true
    } else {
      try folder.write(text, to: path)
      print("\(path): written")
    }
  }
  exit(hasFailed ? 1 : 0)
} catch {
  print("Grammar/\(error)")
  exit(1)
}
