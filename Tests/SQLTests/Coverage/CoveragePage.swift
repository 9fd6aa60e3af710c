import ApusEngine
import ApusPlanner

/// The page that says of each signature which cases the corpus reaches.
struct CoveragePage {
  private struct Row {
    var text: String
    var signature: FunctionSignature
    var facts: CallFacts
  }

  private let rows: [Row]

  init(_ facts: [CallRecorder.Key: CallFacts]) {
    let library = FunctionLibrary.standard
    rows = library.names.flatMap { name in
      library.signatures(named: name).enumerated().map { overload, signature in
        Row(
          text: "\(name)(\(signature.parametersText))",
          signature: signature,
          facts: facts[CallRecorder.Key(name: name, overload: overload)] ?? CallFacts()
        )
      }
    }
  }

  /// What is missing, a line for each signature with a gap.
  var gaps: [String] {
    rows.compactMap { row in
      var missing = row.signature.possibleFacts.filter { !row.facts.facts.contains($0) }
        .map(\.rawValue)
      let positions = CoveragePage.missingNulls(row)
      if !positions.isEmpty { missing.append("NULL in \(positions)") }
      return missing.isEmpty ? nil : "\(row.text): \(missing.joined(separator: ", "))"
    }
  }

  var text: String {
    """
    # What the corpus calls functions with

    Which cases of each signature the files of `Tests/sql` reach, as the engine has seen them: rows
    with NULL in every argument; arguments that are all constant, and columns; a dictionary vector; a
    batch of which some rows fail in TRY, and in a branch of CASE. For aggregates also an input
    without rows, groups, and the use as a window function. A dash marks what cannot be. A gap fails
    the test `FunctionCoverageTests`, which writes this page when `APUS_ACCEPT=1` is set.

    """
      + table("Scalar functions", .scalar, [.constants, .columns, .dictionary, .inTry, .inCase])
      + table(
        "Aggregate functions",
        .aggregate,
        [.constants, .columns, .dictionary, .empty, .groups, .window]
      )
      + table("Window functions", .window, [.constants, .columns])
  }

  private func table(
    _ title: String,
    _ kind: FunctionSignature.Kind,
    _ facts: [CallFacts.Fact]
  ) -> String {
    let header = ["signature", "NULL"] + facts.map(\.rawValue)
    var lines = ["", "## \(title)", ""]
    lines.append("| \(header.joined(separator: " | ")) |")
    lines.append("|---" + String(repeating: "|:-:", count: header.count - 1) + "|")
    for row in rows where row.signature.kind == kind {
      let cells = facts.map { fact in
        row.signature.possibleFacts.contains(fact)
          ? row.facts.facts.contains(fact) ? "✓" : "no" : "–"
      }
      lines.append("| `\(row.text)` | \(([nulls(row)] + cells).joined(separator: " | ")) |")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func nulls(_ row: Row) -> String {
    if row.signature.valueParameters.isEmpty { return "–" }
    let missing = CoveragePage.missingNulls(row)
    return missing.isEmpty ? "✓" : "not \(missing)"
  }

  /// The numbers, from 1, of parameters for which no row has had NULL.
  private static func missingNulls(_ row: Row) -> String {
    row.signature.valueParameters.filter { !row.facts.nulls.contains($0) }
      .map { String($0 + 1) }.joined(separator: ", ")
  }
}
