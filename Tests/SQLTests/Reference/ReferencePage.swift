import ApusEngine
import ApusPlanner

/// The page of all functions, `Sources/Apus/Apus.docc/Functions.md`.
struct ReferencePage {
  private let families: [FunctionReference.Family]
  /// What a link to each heading ends in, by family and function.
  private let anchors: [[String]]

  init(families: [FunctionReference.Family]) {
    self.families = families
    var counts: [String: Int] = [:]
    /// The anchor that Markdown's readers give a heading; another of the same words gets a number.
    func anchor(_ heading: String) -> String {
      let slug = heading.lowercased().filter { $0.isLetter || $0.isNumber || " _-".contains($0) }
        .split(separator: " ", omittingEmptySubsequences: false).joined(separator: "-")
      let count = counts[slug, default: 0]
      counts[slug] = count + 1
      return count == 0 ? slug : "\(slug)-\(count)"
    }
    _ = anchor("Functions")
    anchors = families.map { family in
      _ = anchor(family.title)
      return family.functions.map { anchor($0.name) }
    }
  }

  var text: String {
    """
    # Functions

    The \(functionCount) functions of Apus, and the forms of its language that look like functions.
    `\\df+ NAME` at the prompt says the same of one, and `SHOW FUNCTIONS LIKE 'pattern'` lists them as
    rows.

    What stands behind `--` is what the expression before it answers: values of a row are separated by
    commas, rows by semicolons. Unless a summary says otherwise, a scalar function is NULL where an
    argument is, and an aggregate skips NULLs. Positions count from 1. `T` is one type wherever it
    stands, `any` is any type, and `...` behind a type means once or more. An argument may be of a
    narrower type than is said, as an integer where there is bigint or double, or a date for a timestamp.

    <!-- Made of what the functions declare: APUS_ACCEPT=1 swift test --filter FunctionReferenceTests -->


    """ + zip(families, anchors).map(index).joined() + families.map(section).joined()
  }

  private var functionCount: Int {
    Set(families.dropFirst().flatMap { $0.functions.map(\.name) }).count
  }

  /// The names of a family, each with a link to where it is described.
  private func index(_ family: FunctionReference.Family, _ anchors: [String]) -> String {
    let names = zip(family.functions, anchors).map { function, anchor in
      // Headings of signs alone have no anchor.
      function.name.contains(where: \.isLetter)
        ? "[\(escaped(function.name))](#\(anchor))" : "`\(function.name)`"
    }
    return "**\(family.title)**: " + names.joined(separator: ", ") + "\n\n"
  }

  private func section(_ family: FunctionReference.Family) -> String {
    "## \(family.title)\n\n" + family.functions.map(description).joined()
  }

  private func description(_ function: FunctionDescription) -> String {
    let meanings = function.meanings.map { meaning in
      escaped(meaning.summary) + "\n\n" + list(meaning.calls) + "\n"
    }
    let examples = function.examples.map(\.commented).joined(separator: "\n")
    return "### \(escaped(function.name))\n\n" + meanings.joined()
      + "```sql\n\(examples)\n```\n\n"
  }

  /// A line for each call, or one for all where they are many that differ by a type.
  private func list(_ calls: [String]) -> String {
    let quoted = calls.map { "`\($0)`" }
    return calls.count > 6
      ? quoted.joined(separator: ", ") + "\n" : quoted.map { "- \($0)\n" }.joined()
  }

  /// Without characters that Markdown would take for its own.
  private func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      if "*[]<>|".contains(character) { result.append("\\") }
      result.append(character)
    }
  }
}
